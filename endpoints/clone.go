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

// normalize brings the lists of words into the order of the vocabulary, and
// gives an empty status and confidence their meaning. It changes e's own lists.
func (e *Endpoint) normalize() {
	e.Scenarios = inOrder(e.Scenarios, append(Scenarios(), ScenarioRemoteHelp))
	e.Clouds = inOrder(e.Clouds, Clouds())
	e.Features = inOrder(e.Features, Features())
	e.Traits = inOrder(e.Traits, Traits())
	e.fillDefaults()
}

func (e *Endpoint) fillDefaults() {
	if e.Status == "" {
		e.Status = StatusCurrent
	}
	if e.Confidence == "" {
		e.Confidence = Inferred
	}
}
