package endpoints

import "net/netip"

// An Endpoint is a documented fact: a host with its ports, its service, who
// needs it, and the document that says so. The zero Endpoint is invalid.
type Endpoint struct {
	Service Service
	Host    Host
	Ports   []Port // in all clouds and for all features

	// PortsIn are the ports in clouds that have only some of Ports.
	PortsIn map[Cloud][]Port

	// PortsOf are the Ports that only tenants with a feature need. A scope
	// needs them only if it names the feature.
	PortsOf map[Feature][]Port

	// Part is the endpoint's part of the service, if parts differ in
	// importance, as in "core" or "content". It may be empty.
	Part string

	// Decisive says that the service does not work without this endpoint.
	Decisive bool

	Scenarios []Scenario
	Clouds    []Cloud

	// Need applies to every scenario that is not in NeedIn.
	Need   Need
	NeedIn map[Scenario]Need

	// DroppedBy is the newest document, which no longer names the endpoint, for
	// each scenario in which the endpoint is [FormerlyRequired].
	DroppedBy map[Scenario]Source

	// Region, TPM and Features narrow who needs the endpoint; empty means
	// everyone. Any one of several features is enough. A [Conditional] endpoint
	// without features depends on something that no feature names.
	Region   Region
	TPM      TPM
	Features []Feature

	// Windows limits the need to devices of one generation, by cloud. In clouds
	// that are not listed, all devices need the endpoint.
	Windows map[Cloud]Windows

	Phase  Phase
	Traits []Trait
	Status Status

	// ReplacedBy are the hosts that replaced one no longer current, as
	// [Host.String] writes them. Nil means none or unknown.
	ReplacedBy []string

	// Members are names known to exist that the pattern in Host covers. A
	// pattern without members cannot be tested.
	Members []string

	// CNAMEs are the valid alias targets of the host, by cloud, the preferred
	// one first. If set, the host is a DNS record that the tenant creates, and
	// devices connect to its target.
	CNAMEs map[Cloud][]string

	// Path is the request path, with query, to which the host is known to
	// respond. Empty means "/". If Host is a pattern, PathHost is the name
	// under it to which Path and Answer apply; otherwise PathHost is empty.
	Path     string
	PathHost string

	// Answer is the known response to that request.
	Answer Answer

	// Loss says in plain words what stops working without the endpoint.
	Loss      string
	LossBasis Basis

	Basis  Basis
	Source Source
	Also   []Source // other documents that name it
	Notes  string

	// Category is the document's own label, as in "Intune ID 163
	// Allow/Required".
	Category string

	// Sets are the endpoint sets of the Microsoft 365 web service that list the
	// endpoint, one line each: cloud, ID, area, category, whether required, and
	// an optional note, as in "worldwide 163 MEM Allow/Required" or "worldwide
	// 189 MEM Default/Optional: feature flighting".
	Sets []string
}

// An Answer is a host's known response. It is a hint for people and for fake
// servers: hosts change their responses, and other statuses also prove that the
// host was reached. The zero Answer means that none is known.
type Answer struct {
	Protocol  string // of the request: "http", "https", "dns" or "ntp"
	Statuses  []int  // HTTP statuses
	Body      string // text in the body, as Microsoft documents it
	Addresses []netip.Addr
	Basis     Basis
}

// A Port is a transport port or a range of ports, with the protocol spoken
// there.
type Port struct {
	Transport string // "tcp", "udp" or "icmp"
	Number    uint16
	Last      uint16 // last port of a range, or 0
	Protocol  string // as in "https", "ntp", "kerberos"
}

// A Source is the document that states a fact.
type Source struct {
	Title string
	Ref   string // repository, path and commit, or another locator
	Date  string // as the document gives it: "2026-03-24", "2020", "undated"
}

// New returns an endpoint of the caller's own, for [Catalog.With]. Ports have
// the form of [Port.String]:
//
//	e, err := endpoints.New("mail", "mail.contoso.com", "tcp/25 smtp")
//
// The endpoint is required in all scenarios and clouds, and its source is
// "added by this program". An invalid service, host or port is an [*Error], and
// so is a call without ports.
func New(service Service, host string, ports ...string) (Endpoint, error) {
	e := Endpoint{
		Service: service, Scenarios: Scenarios(), Clouds: Clouds(), Status: StatusCurrent, Basis: BasisInferred,
		Source: Source{Title: "added by this program", Date: "undated"},
	}
	var err error
	if e.Host, err = ParseHost(host); err != nil {
		return Endpoint{}, err
	}
	e.Ports = make([]Port, len(ports))
	for i, text := range ports {
		if err := e.Ports[i].UnmarshalText([]byte(text)); err != nil {
			return Endpoint{}, err
		}
	}
	if err := e.Validate(); err != nil {
		return Endpoint{}, err
	}
	return e, nil
}

// NeedFor returns the need of e in a scenario, ignoring the rest of a [Scope];
// see [Scope.Need].
func (e Endpoint) NeedFor(s Scenario) Need {
	if n, ok := e.NeedIn[s]; ok {
		return n
	}
	return e.Need
}
