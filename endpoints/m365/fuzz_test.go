package m365_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/m365"
)

// The corpora are small on purpose: a fuzzer spends its time on minimizing
// large inputs.

func FuzzParseSets(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		sets, problems, err := m365.ParseSets(data)
		if err != nil && (sets != nil || problems != nil) {
			t.Error("an error and more")
		}
		ids := make(map[int]bool)
		for _, s := range sets {
			if s.ID <= 0 || ids[s.ID] {
				t.Errorf("number %d", s.ID)
			}
			ids[s.ID] = true
			for _, p := range s.IPs {
				if !p.IsValid() || p != p.Masked() {
					t.Errorf("range %v", p)
				}
			}
			for _, p := range s.Ports {
				if err := new(endpoints.Port).UnmarshalText([]byte(p.String())); err != nil {
					t.Error(err)
				}
			}
			for _, text := range []string{s.ServiceArea, s.ServiceAreaDisplayName, s.Category, s.Notes} {
				if strings.ContainsFunc(text, unicode.IsControl) {
					t.Errorf("text %q", text)
				}
			}
		}
		// Everything that is read must be valid in a catalog.
		a := &m365.Answer{Cloud: endpoints.CloudWorldwide, Sets: sets}
		c, err := (&endpoints.Catalog{}).With(a.Endpoints(nil)...)
		if err != nil {
			t.Fatal(err)
		}
		if again := a.Endpoints(c); len(again) > 0 {
			t.Errorf("merged twice, %d endpoints change", len(again))
		}
		a.Ranges(c).Prefixes()
	})
}

func FuzzParseChanges(f *testing.F) {
	f.Add([]byte(`[{"id":2,"endpointSetId":31,"disposition":"Change","impact":"AddedIp","version":"2018112800","add":{"effectiveDate":"20181228","ips":["192.0.2.190/32"]}}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		changes, problems, err := m365.ParseChanges(data)
		if err != nil && (changes != nil || problems != nil) {
			t.Error("an error and more")
		}
		for _, c := range changes {
			if c.SetID <= 0 || c.Version != "" && !c.Version.Valid() {
				t.Errorf("%+v", c)
			}
		}
	})
}

func FuzzParseVersions(f *testing.F) {
	f.Add([]byte(`[{"instance":"Worldwide","latest":"2026103100"}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		versions, err := m365.ParseVersions(data)
		if (err == nil) != (len(versions) > 0) {
			t.Errorf("%v, %v", versions, err)
		}
		for i, v := range versions {
			if i == "" || !v.Valid() {
				t.Errorf("%q %q", i, v)
			}
		}
	})
}

// FuzzCache gives a client a cache with foreign contents.
func FuzzCache(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		s := newService(t)
		cache := &memory{data: map[string][]byte{"m365-china": bytes.Clone(data)}}
		a, err := (&m365.Client{HTTP: s.Client(), Cache: cache}).Endpoints(t.Context(), endpoints.CloudChina)
		if err != nil || len(a.Sets) == 0 || !a.Version.Valid() {
			t.Errorf("%v, %v", a, err)
		}
	})
}
