package m365

import (
	"time"

	"github.com/netready/netready/endpoints"
)

// An Answer is what the service says of an instance. One that is made by hand,
// of the sets of a file, needs an Instance and Sets, and should have a Version.
type Answer struct {
	Instance Instance
	Version  Version
	Sets     []Set

	// Problems are what could not be read. The rest is in Sets.
	Problems []*DecodeError

	// ClientRequestID is the identifier that was used. Keep it for the
	// installation.
	ClientRequestID string

	Fetched time.Time // when the sets came from the service
	Checked time.Time // when the service last said that this is the latest version
	Cached  bool      // whether the sets come from the cache
}

// Source returns what to cite: the service, the instance, and the version with
// its date.
func (a *Answer) Source() endpoints.Source {
	s := endpoints.Source{
		Title: "Microsoft 365 IP address and URL web service, instance " + string(a.Instance),
		Ref:   "https://" + host + "/endpoints/" + string(a.Instance),
		Date:  a.Version.Date(),
	}
	if a.Version != "" {
		s.Title += ", version " + string(a.Version)
	}
	if s.Date == "" && !a.Fetched.IsZero() {
		s.Date = a.Fetched.UTC().Format(time.DateOnly)
	}
	if s.Date == "" {
		s.Date = "undated"
	}
	return s
}
