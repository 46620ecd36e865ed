package m365

import (
	"cmp"
	"time"

	"github.com/netready/netready/endpoints"
)

// An Answer is the service's response for a cloud. To make an Answer from a
// file, set Sets, and preferably Cloud and Version.
type Answer struct {
	Cloud   endpoints.Cloud // empty means [endpoints.CloudWorldwide]
	Version Version
	Sets    []Set

	// Problems are the parts that could not be read. Everything else is in
	// Sets.
	Problems []*endpoints.Error

	// ClientRequestID is the identifier that was used. Keep it for this
	// installation.
	ClientRequestID string

	Fetched time.Time // when the service sent the sets
	Checked time.Time // when the service last confirmed this version as the latest
	Cached  bool      // whether the sets come from the cache
}

// cloud returns the cloud, with the default filled in.
func (a *Answer) cloud() endpoints.Cloud { return cmp.Or(a.Cloud, endpoints.CloudWorldwide) }

// Source returns the citation: the service, the instance, and the version with
// its date.
func (a *Answer) Source() endpoints.Source {
	s := endpoints.Source{
		Title: "Microsoft 365 IP address and URL web service, instance " + instanceOf(a.Cloud),
		Ref:   "https://" + host + "/endpoints/" + instanceOf(a.Cloud),
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
