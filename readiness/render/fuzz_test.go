package render_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"net/netip"
	"net/url"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// failures are codes that together lead to every cause.
var failures = []probe.Code{
	"", probe.DNSTimeout, probe.DNSNXDomain, probe.DNSBlocked, probe.DNSSinkhole, probe.DNSRewritten,
	probe.TCPTimeout, probe.TCPRefused, probe.ProxyUnreachable, probe.ProxyAuthRequired, probe.ProxyDenied,
	probe.TLSInspected, probe.TLSUntrusted, probe.TLSNameMismatch, probe.TLSExpired, probe.TLSVersion, probe.TLSAlert, probe.TLSRevoked,
	probe.HTTPStatus, probe.HTTPBlockPage, probe.HTTPCaptivePortal, probe.HTTPMalformed, probe.NTPTimeout, probe.NTPKissOfDeath,
	probe.RevocationUnreachable, probe.RevocationStale, probe.Timeout, probe.NotTestable, probe.Skipped,
	"custom\n\x1b[31m",
}

// A stranger invents observations, with the same words for every text in them.
type stranger struct {
	*rand.Rand
	words []string
}

// fill sets every exported field in v.
func (s stranger) fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(s.words[s.IntN(len(s.words))])
		if v.Type() == reflect.TypeFor[probe.Code]() {
			v.SetString(string(failures[s.IntN(len(failures))]))
		}
	case reflect.Pointer:
		if s.IntN(4) > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			s.fill(v.Elem())
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), s.IntN(4), 4))
		for i := range v.Len() {
			s.fill(v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range s.IntN(4) {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			s.fill(key)
			s.fill(value)
			v.SetMapIndex(key, value)
		}
	case reflect.Struct:
		s.fillStruct(v)
	case reflect.Interface:
		v.Set(reflect.ValueOf(errors.New(s.words[s.IntN(len(s.words))])))
	case reflect.Bool:
		v.SetBool(s.IntN(2) == 0)
	case reflect.Int, reflect.Int64:
		v.SetInt(s.Int64N(600))
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		v.SetUint(s.Uint64N(256))
	default:
		panic(v.Kind())
	}
}

func (s stranger) fillStruct(v reflect.Value) {
	addr := netip.AddrFrom4([4]byte{203, 0, 113, byte(s.IntN(4))})
	switch p := v.Addr().Interface().(type) {
	case *time.Time:
		*p = time.Date(2026, 11, 29, 0, 0, s.IntN(60), 0, time.UTC)
	case *netip.Addr:
		*p = addr
	case *netip.AddrPort:
		*p = netip.AddrPortFrom(addr, 53)
	default:
		for _, field := range v.Fields() {
			s.fill(field)
		}
	}
}

// observe invents an observation for each check of a plan.
func (s stranger) observe(p *readiness.Plan) []probe.Observation {
	one := failures[s.IntN(len(failures))] // many causes need several hosts
	obs := make([]probe.Observation, len(p.Checks))
	for i, c := range p.Checks {
		s.fill(reflect.ValueOf(&obs[i]).Elem())
		obs[i].Target, obs[i].Attempts = c.Target, 1
		if obs[i].Error != nil && (s.IntN(2) == 0 || obs[i].Error.Code == "") {
			obs[i].Error.Code = one
		}
		if obs[i].Error != nil && obs[i].Error.Code == "" {
			obs[i].Error = nil
		}
	}
	return obs
}

// FuzzReport: no text from the network, in any fact, breaks the layout or is
// anything but displayed.
func FuzzReport(f *testing.F) {
	for i, words := range hostile {
		f.Add([]byte(words), uint64(i))
	}
	f.Add([]byte("O=Acme\\,CN=Microsoft\x00CN=\x1b[31m,O=x\n"), uint64(7))
	f.Add([]byte("http://a%C2%9B31m%E2%80%AEx%0A%0AREADY:%C2%85/"), uint64(8))
	f.Add([]byte("Müller 東京 GmbH"), uint64(9))
	var plans []*readiness.Plan
	for _, proxied := range []bool{false, true} {
		n := probe.Network{SearchDomains: []string{"contoso.com"}}
		if proxied {
			n.Proxy = func(probe.Target) (*url.URL, error) { return nil, nil }
		}
		p, err := readiness.Runner{Network: n, Catalog: few(f)}.Plan(endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
		if err != nil {
			f.Fatal(err)
		}
		plans = append(plans, p)
	}
	f.Fuzz(func(t *testing.T, data []byte, seed uint64) {
		words := []string{string(data), "http://" + string(data), "CN=" + string(data), "a"}
		for part := range bytes.SplitSeq(data[:min(len(data), 1<<10)], []byte{0}) {
			words = append(words, string(part))
		}
		s := stranger{rand.New(rand.NewPCG(seed, 0)), words} //nolint:gosec // repeatable
		for _, p := range plans {
			obs := s.observe(p)
			r := judge(t, p, obs)
			checkReport(t, r)

			// Reports that were built elsewhere are shown the same way.
			for i := range r.Causes {
				c := &r.Causes[i]
				c.Title, c.Remedy, c.Evidence = string(data), string(data), words
			}
			r.Observations = slices.Clone(obs)
			r.Notes = words
			checkText(t, r)
			checkDocument(t, r)
			checkForms(t, r)
			if err := r.Err(); err != nil {
				checkShown(t, "error", err.Error())
			}
		}
	})
}
