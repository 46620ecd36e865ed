package endpoints

import "slices"

func (e *Endpoint) checkScope() *Error {
	switch {
	case len(e.Scenarios) == 0:
		return absent("scenarios")
	case len(e.Clouds) == 0:
		return absent("clouds")
	case e.Need > FormerlyRequired:
		return unknown("need", e.Need.String(), needWords())
	case e.Decisive && e.Need == FormerlyRequired:
		return bad("core", "what only older documents require decides nothing")
	}
	if bad := checkList("scenarios", e.Scenarios, allScenarios()); bad != nil {
		return bad
	}
	if bad := checkList("clouds", e.Clouds, Clouds()); bad != nil {
		return bad
	}
	for s, n := range e.NeedIn {
		field := "need_in." + string(s)
		if !slices.Contains(allScenarios(), s) {
			return unknown(field, s, allScenarios())
		}
		if n > FormerlyRequired {
			return unknown(field, n.String(), needWords())
		}
	}
	for s := range e.DroppedBy {
		field := "dropped_by." + string(s)
		if !slices.Contains(allScenarios(), s) {
			return unknown(field, s, allScenarios())
		}
		if n := e.NeedFor(s); n != FormerlyRequired {
			return bad(field, "the endpoint is %s there: want formerly-required", n)
		}
	}
	return e.checkSomePorts()
}

// checkSomePorts checks the ports of single clouds and features.
func (e *Endpoint) checkSomePorts() *Error {
	some := func(field string, ports []Port) *Error {
		if len(ports) == 0 {
			return absent(field)
		}
		for i, p := range ports {
			if !slices.Contains(e.Ports, p) {
				return bad(at(field, i), "%q is not one of the endpoint's ports", p)
			}
		}
		return nil
	}
	for c, ports := range e.PortsIn {
		field := "ports_in." + string(c)
		if !slices.Contains(e.Clouds, c) {
			return unknown(field, c, e.Clouds)
		}
		if bad := some(field, ports); bad != nil {
			return bad
		}
	}
	for f, ports := range e.PortsOf {
		field := "ports_of." + string(f)
		if !slices.Contains(Features(), f) {
			return unknown(field, f, Features())
		}
		if bad := some(field, ports); bad != nil {
			return bad
		}
	}
	return nil
}
