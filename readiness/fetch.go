package readiness

import (
	"net/url"
	"slices"

	"github.com/netready/netready/probe"
)

// A failedFetch is a document that certificates point to (a revocation list or
// an issuer) and that could not be fetched.
type failedFetch struct {
	url  string
	code probe.Code
}

// fetches finds the cause of failed fetches.
type fetches struct {
	causes []*recorded
	hosts  map[string]hostCause
}

// A hostCause is the cause that explains the first check of a host.
type hostCause struct {
	check int
	cause *recorded
}

func (v *view) fetches() fetches {
	hosts := make(map[string]hostCause)
	for i, c := range v.owner[reach] {
		host := v.target(i).Host
		if _, ok := hosts[host]; !ok && c != nil {
			hosts[host] = hostCause{i, c}
		}
	}
	return fetches{v.causes, hosts}
}

// behind returns the cause of failed fetches, or nil. It is a cause that stops
// any fetch or a check of the same host.
func (f fetches) behind(failed []failedFetch) *recorded {
	for _, c := range f.causes {
		for _, d := range failed {
			if c.by.fetch != nil && c.by.fetch(c, d.code) {
				return c
			}
		}
	}
	var first hostCause
	for _, d := range failed {
		u, err := url.Parse(d.url)
		if err != nil {
			continue
		}
		if h, ok := f.hosts[u.Hostname()]; ok && (first.cause == nil || h.check < first.check) {
			first = h
		}
	}
	return first.cause
}

// anyFetch says that a cause makes all fetches fail: they use plain HTTP on
// port 80.
func anyFetch(*recorded, probe.Code) bool { return true }

// fetchFailed says that a cause makes the fetches fail that have one of these
// codes.
func fetchFailed(codes ...probe.Code) func(*recorded, probe.Code) bool {
	return func(_ *recorded, failure probe.Code) bool { return slices.Contains(codes, failure) }
}

// fetchTimedOut says that a cause makes responses time out.
func fetchTimedOut(_ *recorded, failure probe.Code) bool {
	return failure == probe.HTTPTimeout || failure == probe.Timeout
}

// fetchByProxy says that an unreachable proxy makes fetches fail if it is the
// proxy for plain HTTP, which fetches use too.
func fetchByProxy(c *recorded, failure probe.Code) bool {
	return c.plain || failure == probe.ProxyUnreachable
}
