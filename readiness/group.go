package readiness

import (
	"iter"
	"slices"
)

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

// A partition divides checks into groups. In the zero partition, each is alone.
type partition map[int]*[]int

// join puts two checks and their groups into one.
func (p partition) join(a, b int) {
	into, from := p.group(a), p.group(b)
	if into == from {
		return
	}
	*into = append(*into, *from...)
	for _, i := range *from {
		p[i] = into
	}
}

func (p partition) group(i int) *[]int {
	if p[i] == nil {
		p[i] = &[]int{i}
	}
	return p[i]
}

// of returns the groups of checks, in the order of their first checks.
func (p partition) of(checks []int) [][]int {
	var out [][]int
	for _, i := range checks {
		if g := *p.group(i); !slices.ContainsFunc(g, func(k int) bool { return k < i }) {
			slices.Sort(g)
			out = append(out, g)
		}
	}
	return out
}
