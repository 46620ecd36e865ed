package endpoints_test

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
)

// small is a valid catalog that the tests below break in one place.
const small = `{
	"format": "netready-endpoints/1",
	"version": "1",
	"date": "2026-11-21",
	"notes": ["For tests."],
	"sources": {
		"book": {"title": "Book", "ref": "shelf 1", "date": "2026"},
		"list": {"title": "List"}
	},
	"support": {"autopilot": {"worldwide": {"status": "yes", "source": "book"}}},
	"services": [
		{
			"service": "contoso",
			"title": "Contoso",
			"scenarios": ["autopilot"],
			"clouds": ["worldwide"],
			"ports": ["tcp/443 https"],
			"source": "book",
			"groups": [
				{
					"need": "conditional",
					"traits": ["byte-range"],
					"endpoints": [
						{"host": "a.contoso.com"},
						{"host": "*.contoso.com", "need": "required", "traits": [], "members": ["b.contoso.com"]}
					]
				}
			]
		},
		{
			"service": "fabrikam",
			"groups": [
				{
					"endpoints": [
						{
							"host": "fabrikam.com", "scenarios": ["autopatch", "autopilot"], "clouds": ["china", "worldwide"],
							"ports": ["udp/123 ntp", "icmp ping"], "source": "list", "also": ["book"],
							"need_in": {"autopatch": "optional"}, "answer": {"protocol": "http", "statuses": [200], "addresses": ["192.0.2.7"]},
							"sets": ["worldwide 163 MEM Allow/Required", "china 1 Common Default/Optional: a: note"]
						}
					]
				}
			]
		}
	]
}
`

func TestDecode(t *testing.T) {
	c, err := endpoints.Decode(strings.NewReader(small))
	if err != nil {
		t.Fatal(err)
	}
	eps := c.Endpoints()
	if diff := cmp.Diff([]string{"contoso *.contoso.com", "contoso a.contoso.com", "fabrikam fabrikam.com"}, pairs(eps)); diff != "" {
		t.Fatalf("endpoints (-want +got):\n%s", diff)
	}
	t.Run("what a group says counts", func(t *testing.T) {
		if e := eps[1]; e.Need != endpoints.Conditional || !e.Has(endpoints.TraitByteRange) {
			t.Errorf("got %+v", e)
		}
	})
	t.Run("what an endpoint says counts more", func(t *testing.T) {
		if e := eps[0]; e.Need != endpoints.Required || e.Has(endpoints.TraitByteRange) {
			t.Errorf("got %+v", e)
		}
	})
	t.Run("words come in the order of the vocabulary", func(t *testing.T) {
		want := []endpoints.Scenario{endpoints.ScenarioAutopilot, endpoints.ScenarioAutopatch}
		if diff := cmp.Diff(want, eps[2].Scenarios); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("an empty status and confidence have a meaning", func(t *testing.T) {
		if e := eps[2]; e.Status != endpoints.StatusCurrent || e.Basis != endpoints.BasisInferred {
			t.Errorf("got %q, %q", e.Status, e.Basis)
		}
	})
	t.Run("needs by scenario", func(t *testing.T) {
		e := eps[2]
		if e.NeedFor(endpoints.ScenarioAutopatch) != endpoints.Optional || e.NeedFor(endpoints.ScenarioAutopilot) != endpoints.Required {
			t.Errorf("got %v, %v", e.Need, e.NeedIn)
		}
	})
	t.Run("titles", func(t *testing.T) {
		if c.Title("contoso") != "Contoso" || c.Title("fabrikam") != "fabrikam" {
			t.Errorf("got %q, %q", c.Title("contoso"), c.Title("fabrikam"))
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte(`{"format":"netready-endpoints/1","version":"1","date":"2026-11-21","services":[{"service":"a","groups":[]}]}`))
	if data, err := os.ReadFile("catalog.json"); err == nil {
		f.Add(data[:4096])
	}
	f.Add([]byte(factCatalog(foreign("2026", "*.b.com:443 [2001:db8::7]:80"), gone("2026-11", "a.com"))))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := endpoints.Decode(bytes.NewReader(data))
		if err != nil {
			var bad *endpoints.Error
			if !errors.As(err, &bad) || bad.Code == "" || bad.Reason == "" {
				t.Fatalf("error without a code or a reason: %v", err)
			}
			return
		}
		for _, e := range c.Endpoints() {
			if err := e.Validate(); err != nil {
				t.Fatalf("decoded, and not valid: %v", err)
			}
		}
		for f := range c.Facts() {
			if err := f.Validate(); err != nil {
				t.Fatalf("decoded, and not valid: %v", err)
			}
			c.Fact(f.Host.String(), f.Port)
			c.Given(f.Host.String(), f.Port)
		}
		var once, twice bytes.Buffer
		if err := c.Encode(&once); err != nil {
			t.Fatal(err)
		}
		again, err := endpoints.Decode(bytes.NewReader(once.Bytes()))
		if err != nil {
			t.Fatalf("%v in\n%s", err, once.Bytes())
		}
		if !slices.EqualFunc(c.Endpoints(), again.Endpoints(), same) {
			t.Fatalf("decoded again, endpoints differ:\n%s", once.Bytes())
		}
		if err := again.Encode(&twice); err != nil || !bytes.Equal(once.Bytes(), twice.Bytes()) {
			t.Fatalf("encoded again, %v:\n%s\nwas\n%s", err, twice.Bytes(), once.Bytes())
		}
	})
}
