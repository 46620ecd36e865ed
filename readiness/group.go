package readiness

import "iter"

// A grouping holds values by key. Its keys keep the order in which they came.
// The zero grouping is empty.
type grouping[K comparable, V any] struct {
	keys   []K
	values map[K][]V
}

// groupBy groups values by what key returns for each.
func groupBy[K comparable, V any](values []V, key func(V) K) *grouping[K, V] {
	var g grouping[K, V]
	for _, v := range values {
		g.add(key(v), v)
	}
	return &g
}

func (g *grouping[K, V]) add(k K, v V) {
	if g.values == nil {
		g.values = make(map[K][]V)
	}
	if _, ok := g.values[k]; !ok {
		g.keys = append(g.keys, k)
	}
	g.values[k] = append(g.values[k], v)
}

// all yields each key with its values.
func (g *grouping[K, V]) all() iter.Seq2[K, []V] {
	return func(yield func(K, []V) bool) {
		for _, k := range g.keys {
			if !yield(k, g.values[k]) {
				return
			}
		}
	}
}
