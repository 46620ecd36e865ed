package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/netready/netready/endpoints"
)

// change says how a field of an endpoint has changed: from what to what, or of
// a list what was added and removed.
func change(field string, was, is endpoints.Endpoint) string {
	old, isList := listValue(field, was)
	now, _ := listValue(field, is)
	if !isList {
		return orNothing(value(field, was)) + " -> " + orNothing(value(field, is))
	}
	var out []string
	for _, v := range now {
		if !slices.Contains(old, v) {
			out = append(out, "+ "+v)
		}
	}
	for _, v := range old {
		if !slices.Contains(now, v) {
			out = append(out, "- "+v)
		}
	}
	if out == nil {
		return "in another order: " + strings.Join(now, ", ")
	}
	return strings.Join(out, ", ")
}

func orNothing(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}

// value returns what a field of an endpoint holds, by the name that
// [endpoints.Endpoint.Differences] gives it.
func value(field string, e endpoints.Endpoint) string {
	if values, ok := listValue(field, e); ok {
		return strings.Join(values, ", ")
	}
	switch field {
	case "part":
		return e.Part
	case "core":
		return strconv.FormatBool(e.Decisive)
	case "need":
		return e.Need.String()
	case "region":
		return string(e.Region)
	case "tpm":
		return string(e.TPM)
	case "phase":
		return string(e.Phase)
	case "status":
		return string(e.Status)
	case "path":
		return e.Path
	case "path_host":
		return e.PathHost
	case "answer":
		if a := e.Answer; a.Protocol != "" {
			return fmt.Sprintf("%s %v %q %v, %s", a.Protocol, a.Statuses, a.Body, a.Addresses, a.Basis)
		}
		return ""
	case "consequence":
		return quoted(e.Loss)
	case "consequence_basis":
		return string(e.LossBasis)
	case "confidence":
		return string(e.Basis)
	case "source":
		return source(e.Source)
	case "notes":
		return quoted(e.Notes)
	case "category":
		return quoted(e.Category)
	}
	return "something" // a field of a later version
}

// listValue returns the items of a field, or reports that it is no list.
func listValue(field string, e endpoints.Endpoint) (items []string, ok bool) {
	switch field {
	case "scenarios":
		return texts(e.Scenarios), true
	case "clouds":
		return texts(e.Clouds), true
	case "ports":
		for _, p := range e.Ports {
			items = append(items, p.String())
		}
	case "need_in":
		return byKey(e.NeedIn), true
	case "ports_in":
		return portsBy(e.PortsIn), true
	case "ports_of":
		return portsBy(e.PortsOf), true
	case "dropped_by":
		for s, by := range e.DroppedBy {
			items = append(items, string(s)+" "+source(by))
		}
		slices.Sort(items)
	case "replaced_by":
		return e.ReplacedBy, true
	case "features":
		return texts(e.Features), true
	case "windows":
		return byKey(e.Windows), true
	case "traits":
		return texts(e.Traits), true
	case "members":
		return e.Members, true
	case "cnames":
		return byKey(e.CNAMEs), true
	case "also":
		for _, s := range e.Also {
			items = append(items, source(s))
		}
	case "sets":
		return e.Sets, true
	default:
		return nil, false
	}
	return items, true
}

func quoted(s string) string {
	if s == "" {
		return ""
	}
	return strconv.Quote(s)
}

func source(s endpoints.Source) string {
	if s.Title == "" {
		return ""
	}
	return s.Title + " (" + s.Date + ", " + s.Ref + ")"
}

// byKey returns the items of a map, sorted.
func byKey[K ~string, V any](m map[K]V) []string {
	var out []string
	for k, v := range m {
		out = append(out, fmt.Sprintf("%s %v", k, v))
	}
	slices.Sort(out)
	return out
}

// portsBy returns the ports of each cloud or feature, sorted.
func portsBy[K ~string](m map[K][]endpoints.Port) []string {
	var out []string
	for k, ports := range m {
		for _, p := range ports {
			out = append(out, string(k)+" "+p.String())
		}
	}
	slices.Sort(out)
	return out
}

func texts[T ~string](words []T) []string {
	var out []string
	for _, w := range words {
		out = append(out, string(w))
	}
	return out
}
