package m365_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/changes"
	"github.com/netready/netready/endpoints/m365"
)

// microsoft stands for the service in the examples. Omit HTTP to query the real
// one.
type microsoft map[string]string

func (m microsoft) RoundTrip(r *http.Request) (*http.Response, error) {
	answer := &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Request: r}
	body, ok := m[r.URL.Path]
	if !ok {
		answer.StatusCode = http.StatusTooManyRequests
		answer.Header.Set("Retry-After", "1800")
	}
	answer.Body = io.NopCloser(strings.NewReader(body))
	return answer, nil
}

func service2026() *http.Client {
	return &http.Client{Transport: microsoft{
		"/version":           `[{"instance":"Worldwide","latest":"2026103100"},{"instance":"China","latest":"2026093000"}]`,
		"/version/Worldwide": `{"instance":"Worldwide","latest":"2026103100"}`,
		"/version/China":     `{"instance":"China","latest":"2026093000"}`,
		"/endpoints/Worldwide": `[{"id":56,"serviceArea":"Common","serviceAreaDisplayName":"Microsoft 365 Common and Office Online",
			"urls":["login.microsoftonline.com","*.auth2.contoso.com"],"ips":["20.190.128.0/18"],
			"tcpPorts":"80,443","expressRoute":true,"category":"Allow","required":true}]`,
		"/changes/Worldwide/2026093000": `[{"id":9,"endpointSetId":56,"disposition":"Change","impact":"AddedUrl","version":"2026103100",
			"add":{"effectiveDate":"20261201","urls":["*.auth2.contoso.com"]}}]`,
	}}
}

// A shelf is a cache. A real one may store each key in a file.
type shelf map[string][]byte

func (s shelf) Load(_ context.Context, key string) ([]byte, error) { return s[key], nil }

func (s shelf) Store(_ context.Context, key string, data []byte) error {
	s[key] = append([]byte(nil), data...)
	return nil
}

func Example() {
	client := &m365.Client{HTTP: service2026(), Cache: shelf{}}
	answer, err := client.Endpoints(context.Background(), endpoints.CloudWorldwide)
	if err != nil {
		fmt.Println(err)
		return
	}
	base := endpoints.Embedded()
	catalog, err := base.With(answer.Endpoints(base)...)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, change := range changes.Diff(base, catalog) {
		fmt.Println(change.Added(), change.Service, change.Host, change.New.Need)
		fmt.Println("by", change.New.Source.Title)
	}
	// Output:
	// true microsoft-365 *.auth2.contoso.com conditional
	// by Microsoft 365 IP address and URL web service, instance Worldwide, version 2026103100
}

func ExampleClient_Endpoints() {
	client := &m365.Client{HTTP: service2026(), Cache: shelf{}}
	for range 2 {
		answer, err := client.Endpoints(context.Background(), endpoints.CloudWorldwide)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("version of", answer.Version.Date(), "cached:", answer.Cached)
		for _, s := range answer.Sets {
			fmt.Println(s.ID, s.ServiceArea, s.Category, s.URLs, s.IPs, s.Ports)
		}
	}
	// Output:
	// version of 2026-10-31 cached: false
	// 56 Common Allow [login.microsoftonline.com *.auth2.contoso.com] [20.190.128.0/18] [tcp/80 http tcp/443 https]
	// version of 2026-10-31 cached: true
	// 56 Common Allow [login.microsoftonline.com *.auth2.contoso.com] [20.190.128.0/18] [tcp/80 http tcp/443 https]
}

// The service may ask clients to wait. The client itself does not wait.
func ExampleError() {
	client := &m365.Client{HTTP: service2026()}
	_, err := client.Endpoints(context.Background(), endpoints.CloudChina)
	if e, ok := errors.AsType[*m365.Error](err); ok && e.Code == m365.RateLimited {
		fmt.Println(e)
		fmt.Println("again at", time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC).Add(e.RetryAfter).Format(time.TimeOnly))
	}
	// Output:
	// m365: /endpoints/China: rate_limited: status 429, wait 30m0s
	// again at 09:30:00
}

func ExampleClient_Changes() {
	client := &m365.Client{HTTP: service2026()}
	history, err := client.Changes(context.Background(), endpoints.CloudWorldwide, "2026093000")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range history.Changes {
		fmt.Println(c.Version, c.Impact, "in set", c.SetID, c.Added.URLs, "from", c.EffectiveDate)
	}
	// Output:
	// 2026103100 AddedUrl in set 56 [*.auth2.contoso.com] from 2026-12-01
}

func ExampleClient_Version() {
	client := &m365.Client{HTTP: service2026()}
	fmt.Println(client.Version(context.Background(), endpoints.CloudChina))
	// Output:
	// 2026093000 <nil>
}

func ExampleClient_Versions() {
	client := &m365.Client{HTTP: service2026()}
	fmt.Println(client.Versions(context.Background()))
	// Output:
	// map[china:2026093000 worldwide:2026103100] <nil>
}

func ExampleClient_RequestID() {
	client := &m365.Client{ClientRequestID: "5c1c2f6e-3c4f-4d55-9d7b-0a1b2c3d4e5f"}
	fmt.Println(client.RequestID())
	var other m365.Client // generates one
	first := other.RequestID()
	fmt.Println(len(first), first == other.RequestID())
	// Output:
	// 5c1c2f6e-3c4f-4d55-9d7b-0a1b2c3d4e5f
	// 36 true
}

func ExampleNewRequestID() {
	id := m365.NewRequestID()
	fmt.Println(len(id), id != m365.NewRequestID())
	// Output:
	// 36 true
}

// An answer downloaded by other means works too.
func ExampleParseSets() {
	sets, problems, err := m365.ParseSets([]byte(`[
		{"id": 69, "serviceArea": "Common", "urls": ["*.aria.microsoft.com", "https://x/"],
		 "tcpPorts": "80, 443", "category": "Default", "required": true}
	]`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(sets[0].ID, sets[0].URLs, sets[0].Ports)
	for _, p := range problems {
		fmt.Println(p)
	}
	// Output:
	// 69 [*.aria.microsoft.com] [tcp/80 http tcp/443 https]
	// line 2: entry 1: urls[1]: "https://x/" is not a host name (ID 69)
}

func ExampleParseChanges() {
	changes, _, err := m365.ParseChanges([]byte(`[{"id": 1, "endpointSetId": 8, "disposition": "Remove", "version": "2026103100"}]`))
	fmt.Println(changes[0].Disposition, "set", changes[0].SetID, err)
	// Output:
	// remove set 8 <nil>
}

func ExampleParseVersions() {
	fmt.Println(m365.ParseVersions([]byte(`{"instance": "USGovDoD", "latest": "2026103100"}`)))
	// Output:
	// map[dod:2026103100] <nil>
}

func ExampleParseVersion() {
	v, err := m365.ParseVersion("2026103100")
	fmt.Println(v.Date(), err)
	_, err = m365.ParseVersion("latest")
	fmt.Println(err)
	// Output:
	// 2026-10-31 <nil>
	// version "latest": want ten digits, as in 2026103100
}

func ExampleAnswer_Endpoints() {
	answer := &m365.Answer{Cloud: endpoints.CloudDoD, Version: "2026103100"}
	answer.Sets, _, _ = m365.ParseSets([]byte(`[{"id": 35, "serviceArea": "MEM", "urls": ["cdn.contoso.com"], "tcpPorts": "443", "category": "Default", "required": true}]`))
	for _, e := range answer.Endpoints(endpoints.Embedded()) {
		fmt.Println(e.Host, e.Service, e.Need, e.Status)
		fmt.Println(e.Source.Title, e.Source.Date)
		fmt.Println("but:", e.Also[0].Title)
	}
	// Output:
	// cdn.contoso.com intune conditional unknown
	// Microsoft 365 IP address and URL web service, instance USGovDoD, version 2026103100 2026-10-31
	// but: Network endpoints for Microsoft Intune (2025-08 version)
}

func ExampleAnswer_Ranges() {
	client := &m365.Client{HTTP: service2026()}
	answer, err := client.Endpoints(context.Background(), endpoints.CloudWorldwide)
	if err != nil {
		fmt.Println(err)
		return
	}
	list := answer.Ranges(endpoints.Embedded())
	fmt.Println(list.Cover(endpoints.CloudWorldwide, "login.microsoftonline.com").Prefixes())
	// Output:
	// [20.190.128.0/18]
}

func ExampleSet_Caveat() {
	s := m365.Set{ID: 163, ServiceArea: m365.AreaMEM}
	note, source := s.Caveat()
	fmt.Println(note)
	fmt.Println(source.Title, source.Date)
	// Output:
	// Microsoft says since 2025-08 that the Microsoft 365 endpoint service is no longer accurate for Intune, and to use the list in Intune's documentation instead.
	// Network endpoints for Microsoft Intune (2025-08 version) 2025-08-21
}
