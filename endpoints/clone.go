package endpoints

import (
	"maps"
	"slices"
)

// clone returns a copy of e that shares nothing with it.
func (e Endpoint) clone() Endpoint {
	e.Ports = slices.Clone(e.Ports)
	e.Scenarios = slices.Clone(e.Scenarios)
	e.Clouds = slices.Clone(e.Clouds)
	e.NeedIn = maps.Clone(e.NeedIn)
	e.PortsIn = clonePorts(e.PortsIn)
	e.PortsOf = clonePorts(e.PortsOf)
	e.DroppedBy = maps.Clone(e.DroppedBy)
	e.ReplacedBy = slices.Clone(e.ReplacedBy)
	e.Features = slices.Clone(e.Features)
	e.Windows = maps.Clone(e.Windows)
	e.Traits = slices.Clone(e.Traits)
	e.Members = slices.Clone(e.Members)
	e.CNAMEs = maps.Clone(e.CNAMEs)
	for cloud, names := range e.CNAMEs {
		e.CNAMEs[cloud] = slices.Clone(names)
	}
	e.Answer.Statuses = slices.Clone(e.Answer.Statuses)
	e.Answer.Addresses = slices.Clone(e.Answer.Addresses)
	e.Also = slices.Clone(e.Also)
	e.Sets = slices.Clone(e.Sets)
	return e
}

func clonePorts[K comparable](m map[K][]Port) map[K][]Port {
	out := maps.Clone(m)
	for k, ports := range out {
		out[k] = slices.Clone(ports)
	}
	return out
}

// share makes e use other's lists where they are equal. Neighbors in a catalog
// mostly have the same scenarios, clouds and ports, which take as much memory as
// the rest of them.
func (e *Endpoint) share(other *Endpoint) {
	e.Ports = shared(e.Ports, other.Ports)
	e.Scenarios = shared(e.Scenarios, other.Scenarios)
	e.Clouds = shared(e.Clouds, other.Clouds)
	e.Features = shared(e.Features, other.Features)
	e.Traits = shared(e.Traits, other.Traits)
	e.Also = shared(e.Also, other.Also)
}

// shared returns other if it equals list, and else list. Whoever appends to the
// result changes no other endpoint.
func shared[E comparable](list, other []E) []E {
	if len(list) > 0 && slices.Equal(list, other) {
		list = other
	}
	return slices.Clip(list)
}

// normalize sorts the word lists into vocabulary order and replaces an empty
// status or confidence by its default. It changes e's own lists.
func (e *Endpoint) normalize() {
	e.Scenarios = inOrder(e.Scenarios, allScenarios())
	e.Clouds = inOrder(e.Clouds, Clouds())
	e.Features = inOrder(e.Features, Features())
	e.Traits = inOrder(e.Traits, traits())
	e.fillDefaults()
}

func (e *Endpoint) fillDefaults() {
	if e.Status == "" {
		e.Status = StatusCurrent
	}
	if e.Basis == "" {
		e.Basis = BasisInferred
	}
}
