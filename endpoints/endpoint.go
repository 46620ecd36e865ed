package endpoints

import "net/netip"

// An Endpoint is a documented fact: a host, its ports, the service it belongs
// to, who needs it, and the document that says so. Its zero value is invalid.
type Endpoint struct {
	Service Service
	Host    Host
	Ports   []Port

	// Part names the part of the service that the endpoint serves, for
	// services whose parts matter differently; see [Part]. It may be empty.
	Part Part

	// Core says that the failure of this endpoint alone is decisive for its
	// service.
	Core bool

	Scenarios []Scenario
	Clouds    []Cloud

	// Need is the need in every scenario but those in NeedIn.
	Need   Need
	NeedIn map[Scenario]Need

	// Region, TPM and Features narrow who needs the endpoint. Empty means
	// everyone. With several features, any one of them is enough. A conditional
	// endpoint without features depends on something that no feature names.
	Region   Region
	TPM      TPMVendor
	Features []Feature

	// Windows narrows who needs the endpoint to devices of one generation, in the
	// clouds that it names. In the others, devices of all generations need it.
	Windows map[Cloud]Windows

	Phase  Phase
	Traits []Trait
	Status Status

	// Members are names that a pattern covers and that are known to exist. A
	// pattern is tested through them, or not at all.
	Members []string

	// CNAMEs are the names that the host should be an alias of, by cloud: any one
	// will do, and the first is the one that the document prefers. Where there are
	// some, the host is a DNS record that the tenant makes, and its target is what
	// is contacted.
	CNAMEs map[Cloud][]string

	// Path is the request path, with its query, with which the host is known to
	// answer. Empty means "/". Where Host is a pattern, PathHost is the name
	// below it that Path and Answer belong to; otherwise it is empty.
	Path     string
	PathHost string

	// Answer is what that request is known to be answered with.
	Answer Answer

	// Consequence says in plain words what happens without the endpoint.
	Consequence      string
	ConsequenceBasis Confidence

	Confidence Confidence
	Source     Source
	Also       []Source // further documents that name it
	Notes      string

	// Category is the mark that the document itself gives it, as in "Intune ID 163 Allow/Required".
	Category string

	// Sets are the endpoint sets of the Microsoft 365 web service that list it.
	Sets []Set
}

// An Answer is what a host is known to answer. It is a hint for people and for
// fakes: these hosts change their answers, and other statuses prove as well
// that the host was reached. The zero Answer says that nothing is known.
type Answer struct {
	Protocol   string // "http", "https", "dns" or "ntp": what was asked
	Statuses   []int  // HTTP statuses
	Body       string // text that the body holds; this one is documented by Microsoft
	Addresses  []netip.Addr
	Confidence Confidence
}

// A Port is a transport port, or a range of them, and what is spoken there.
type Port struct {
	Transport string // "tcp", "udp" or "icmp"
	Number    uint16
	Last      uint16 // the end of a range, or 0
	Protocol  string // as in "https", "ntp", "kerberos"
}

// A Source is the document that states a fact.
type Source struct {
	Title string
	Ref   string // repository, path and commit, or another way to find it
	Date  string // as the document gives it; as in "2026-03-24", "2020", "undated"
}

// A Part is a part of a service that matters differently from the rest of it.
type Part string

// The parts that the built-in catalogue tells apart.
const (
	PartCore      Part = "core"      // of Entra ID and Intune: without it no join, no enrolment
	PartAccount   Part = "account"   // of the deployment service: login.live.com, the device's identity
	PartAutologon Part = "autologon" // of Entra ID: seamless single sign-on
	PartContent   Part = "content"   // of Delivery Optimization: the payloads themselves
	PartDiscovery Part = "discovery" // of Entra ID and Intune: aliases in the tenant's domains, for those who enrol by hand
	PartEK        Part = "ek"        // of TPM attestation: the maker's endorsement key certificates
)

// NeedFor returns the need of e in a scenario.
func (e Endpoint) NeedFor(s Scenario) Need {
	if n, ok := e.NeedIn[s]; ok {
		return n
	}
	return e.Need
}

// Pattern reports whether the host cannot be tested by itself: it stands for
// many names, for a tenant's, for none that is public, or is missing.
func (e Endpoint) Pattern() bool { return e.Host.Kind() != Exact }
