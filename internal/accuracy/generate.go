package accuracy

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/netready/netready/probe"
)

// Generate draws a network. The same seed, number and plans always give the
// same network.
func Generate(plans Plans, seed, number uint64) *Network {
	return newDraw(plans, seed, number).broken()
}

func newDraw(plans Plans, seed, number uint64) *draw {
	d := &draw{
		rng: rand.New(rand.NewPCG(seed, number)),
		net: &Network{Seed: seed, Number: number, Plan: plans.Plain, latency: 20 * time.Millisecond},
	}
	if d.chance(0.25) {
		d.net.proxied, d.net.Plan = true, plans.Proxied
	}
	return d
}

// broken draws faults and harmless variations.
func (d *draw) broken() *Network {
	d.faults(pick(d, []int{0, 1, 1, 1, 2, 2, 2, 3, 3, 4}))
	// The fault nearest to the machine wins. Faults everywhere are nearer than
	// those of a host; otherwise the first on the path is nearest.
	nearness := func(f Fault) int {
		if f.general() {
			return int(f.begins())
		}
		return int(stepNone) + int(f.begins())
	}
	slices.SortStableFunc(d.net.Faults, func(a, b Fault) int { return cmp.Compare(nearness(a), nearness(b)) })
	d.vary()
	return d.net
}

// A draw is a network being drawn.
type draw struct {
	rng *rand.Rand
	net *Network
}

func (d *draw) chance(p float64) bool { return d.rng.Float64() < p }

func pick[T any](d *draw, from []T) T { return from[d.rng.IntN(len(from))] }

// span returns a random duration, positive or negative, from one of the given
// ranges. All ranges are equally likely.
func (d *draw) span(bounds ...time.Duration) time.Duration {
	k := 2 * d.rng.IntN(len(bounds)/2)
	from, to := bounds[k], bounds[k+1]
	out := (from + time.Duration(d.rng.Int64N(int64(to-from)))).Truncate(time.Second)
	if d.chance(0.5) {
		return -out
	}
	return out
}

// faults draws faults by their weights.
func (d *draw) faults(count int) {
	table := kinds()
	for range count {
		total := 0
		for _, k := range table {
			if d.allows(k) {
				total += k.weight
			}
		}
		if total == 0 {
			return
		}
		at := d.rng.IntN(total)
		for _, k := range table {
			if !d.allows(k) {
				continue
			}
			if at -= k.weight; at < 0 {
				d.fault(k)
				break
			}
		}
	}
}

// allows reports whether the network can have a fault of a kind.
func (d *draw) allows(k kind) bool {
	switch {
	case k.needs == proxyOnly && !d.net.proxied, k.needs == proxyNever && d.net.proxied:
		return false
	case k.alone && len(d.net.Faults) > 0, k.listed && d.net.AsItIs, d.net.index(func(f Fault) bool { return f.alone }) >= 0:
		return false
	case d.net.index(func(f Fault) bool { return slices.Contains(k.without, f.Kind) }) >= 0:
		return false
	}
	return !k.once || d.net.index(func(f Fault) bool { return f.Kind == k.name }) < 0
}

// fault draws a fault of a kind.
func (d *draw) fault(k kind) {
	v := pick(d, k.variants)
	f := Fault{Kind: k.name, Cause: k.cause, What: v.what, direct: k.direct, alone: k.alone, effect: v.effect}
	if k.places != nil {
		f.Hosts = d.where(pick(d, k.places), v.on)
	}
	k.place(v, &f)
	if k.shape != nil {
		k.shape(d, &f)
	}
	d.net.Faults = append(d.net.Faults, f)
}

// where draws a place's hosts.
func (d *draw) where(p place, on traffic) []string {
	switch p {
	case oneHost:
		return d.hosts(on, 1)
	case fewHosts:
		return d.hosts(on, 2+d.rng.IntN(3))
	case oneDomain:
		z := zone(d.hosts(on, 1)[0])
		return []string{z, "*." + z}
	case everywhere:
	}
	return nil
}

// hosts draws hosts of the plan that have the traffic.
func (d *draw) hosts(on traffic, count int) []string {
	var all []string
	for _, c := range d.net.Plan.Checks {
		for _, w := range d.net.ways(c.Target) {
			if d.net.excused(c) {
				continue
			}
			if w.on&on != 0 && w.host == c.Target.Host && !c.Target.Direct && c.Target.Protocol != probe.NXDomain && c.Target.Protocol != probe.WPAD {
				all = append(all, w.host)
			}
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	d.rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return slices.Sorted(slices.Values(all[:min(count, len(all))]))
}

// unrelated draws two to four hosts of more than one owner.
func (d *draw) unrelated(on traffic) []string {
	for {
		hosts := d.hosts(on, 2+d.rng.IntN(3))
		owners := make(map[string]bool)
		for _, host := range hosts {
			labels := strings.Split(host, ".")
			owners[strings.Join(labels[len(labels)-2:], ".")] = true
		}
		if len(owners) > 1 {
			return hosts
		}
	}
}

// zone returns a host's domain: its name without the first label, or its
// second-level domain if that is longer.
func zone(host string) string {
	if _, parent, ok := strings.Cut(host, "."); ok && strings.Count(parent, ".") >= 2 {
		return parent
	}
	return host
}

// vary draws harmless variations. It avoids the hosts of faults, so that their
// behavior shows the fault alone.
func (d *draw) vary() {
	for _, v := range variations() {
		if d.chance(v.chance) && v.apply(d) {
			d.net.Variations = append(d.net.Variations, v.name)
		}
	}
}

// A variation is a harmless difference between networks.
type variation struct {
	name   string
	chance float64
	apply  func(d *draw) bool // false if it does not fit the network
}

// untouched draws HTTPS hosts that no fault singles out.
func (d *draw) untouched(count int) []string {
	return slices.DeleteFunc(d.hosts(onHTTPS, count), func(host string) bool {
		return d.net.index(func(f Fault) bool { return !f.general() && f.covers(host) }) >= 0
	})
}
