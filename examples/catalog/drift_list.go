package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/m365"
	"github.com/netready/netready/examples/internal/cli"
	"github.com/netready/netready/internal/plain"
)

// maxExtract limits the size of an extract, in bytes.
const maxExtract = 16 << 20

// A publication is what one document or service lists, for comparison with a
// catalog.
type publication struct {
	name  string // of the file, or the address
	title string // that the catalog's sources begin with; empty for the endpoint service
	cloud endpoints.Cloud

	// scenarios are the document's scenarios. Nil means that it does not
	// distinguish them.
	scenarios []endpoints.Scenario

	area     string // of the endpoint service; empty for documents
	hasPorts bool
	hosts    []listed
	prefixes []netip.Prefix
	support  []listedSupport
	skipped  string // why it cannot be compared
}

// A listed is a name in a publication.
type listed struct {
	host      endpoints.Host
	ports     []endpoints.Port // without protocols
	need      endpoints.Need   // NotNeeded if the publication does not say
	scenarios []endpoints.Scenario
	regions   []endpoints.Region // nil if the publication does not say
}

// A listedSupport is a row that says whether scenarios are offered in clouds.
type listedSupport struct {
	scenario endpoints.Scenario // or the service Remote Help, which a cloud has or lacks
	cloud    endpoints.Cloud
	known    endpoints.Known
}

// documents are the pages with known extracts, by file name prefix.
func documents() []publication {
	autopilot := []endpoints.Scenario{
		endpoints.ScenarioAutopilot, endpoints.ScenarioHybridJoin, endpoints.ScenarioSelfDeploying, endpoints.ScenarioPreProvisioning,
	}
	preparation := []endpoints.Scenario{endpoints.ScenarioDevicePreparation, endpoints.ScenarioDeviceAssociation}
	association := []endpoints.Scenario{endpoints.ScenarioDeviceAssociation}
	autopatch := []endpoints.Scenario{endpoints.ScenarioAutopatch}
	return []publication{
		{name: "autopilot-", title: "Windows Autopilot requirements", scenarios: autopilot},
		{name: "autopatch-", title: "Windows Autopatch", scenarios: autopatch},
		{name: "device-association-", title: "Requirements for Windows Autopilot device association", scenarios: association},
		{name: "device-preparation-", title: "Windows Autopilot device preparation requirements", scenarios: preparation},
		{name: "intune-endpoints-china", title: "China endpoints for Microsoft Intune", cloud: endpoints.CloudChina},
		{name: "intune-prefixes-china", title: "China endpoints for Microsoft Intune", cloud: endpoints.CloudChina},
		{name: "intune-endpoints-gov", title: "US government endpoints for Microsoft Intune", cloud: endpoints.CloudGCCHigh},
		{name: "intune-prefixes-gov", title: "US government endpoints for Microsoft Intune", cloud: endpoints.CloudGCCHigh},
		{name: "intune-", title: "Network endpoints for Microsoft Intune"},
	}
}

// documentOf returns the document that a file is an extract of, with the cloud
// filled in. For other files, only the cloud is known.
func documentOf(base string) publication {
	for _, d := range documents() {
		if strings.HasPrefix(base, d.name) {
			d.name = base
			if d.cloud == "" {
				d.cloud = endpoints.CloudWorldwide
			}
			return d
		}
	}
	return publication{name: base, cloud: endpoints.CloudWorldwide}
}

// instances are the endpoint service's names of the clouds.
func instances() map[string]endpoints.Cloud {
	return map[string]endpoints.Cloud{
		"Worldwide": endpoints.CloudWorldwide, "USGOVGCCHigh": endpoints.CloudGCCHigh,
		"USGOVDoD": endpoints.CloudDoD, "China": endpoints.CloudChina,
	}
}

// readPublications reads extracts: files, or all files of a folder and those in it.
func (c command) readPublications() ([]publication, error) {
	var out []publication
	for _, arg := range c.args {
		names := []string{arg}
		if info, err := os.Stat(arg); err == nil && info.IsDir() {
			names = nil
			err := filepath.WalkDir(arg, func(name string, d fs.DirEntry, err error) error {
				if err == nil && !d.IsDir() && slices.Contains([]string{".tsv", ".txt"}, filepath.Ext(name)) {
					names = append(names, name)
				}
				return err
			})
			if err != nil {
				return nil, err
			}
			if len(names) == 0 {
				return nil, fmt.Errorf("%s: no file ends in .tsv or .txt", arg)
			}
		}
		for _, name := range names {
			data, err := cli.ReadFile(name, maxExtract)
			if err != nil {
				return nil, err
			}
			p, err := readPublication(filepath.Base(name), data)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			out = append(out, p)
		}
	}
	return out, nil
}

// readPublication reads an extract; the name of its file says what it is of, and
// becomes the title of a source, which is visible text.
func readPublication(base string, data []byte) (publication, error) {
	if base = plain.Line(base); base == "" {
		return publication{}, errors.New("its name has no visible character")
	}
	if filepath.Ext(base) == ".txt" {
		return readPlain(base, data)
	}
	return readTable(documentOf(base), data)
}

// readPlain reads a list of the endpoint service with one name or range a line.
// Its file is called INSTANCE_AREA_KIND.txt.
func readPlain(base string, data []byte) (publication, error) {
	instance, rest, _ := strings.Cut(strings.TrimSuffix(base, ".txt"), "_")
	area, kind, _ := strings.Cut(rest, "_")
	p := publication{name: base, cloud: instances()[instance], area: area}
	areas := []string{m365.AreaCommon, m365.AreaExchange, m365.AreaSharePoint, m365.AreaSkype, m365.AreaMEM}
	if p.cloud == "" || !slices.Contains(areas, area) {
		return p, fmt.Errorf("want a file name like INSTANCE_AREA_KIND.txt, as in Worldwide_Common_fqdn_wildcard.txt")
	}
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		text := strings.TrimSpace(line)
		if text == "" {
			continue
		}
		switch kind {
		case "fqdn_wildcard":
			h, err := endpoints.ParseHost(text)
			if err != nil {
				return p, fmt.Errorf("line %d: %w", n, err)
			}
			p.hosts = append(p.hosts, listed{host: h, need: endpoints.NotNeeded})
		case "ip_cidr", "ipv4_cidr", "ipv6_cidr":
			prefix, err := netip.ParsePrefix(text)
			if err != nil {
				return p, fmt.Errorf("line %d: %q is not a range", n, text)
			}
			p.prefixes = append(p.prefixes, prefix.Masked())
		case "fqdn_no_wildcard":
			p.skipped = "other lists have the same names with wildcards"
		default:
			return p, fmt.Errorf("unknown kind %q: want fqdn_wildcard, fqdn_no_wildcard or ip_cidr", kind)
		}
	}
	return p, nil
}

// publicationsOf returns an answer of the endpoint service, by area.
func publicationsOf(a *m365.Answer) []publication {
	var out []publication
	for _, s := range a.Sets {
		i := slices.IndexFunc(out, func(p publication) bool { return p.area == s.ServiceArea })
		if i < 0 {
			i = len(out)
			source := a.Source()
			out = append(out, publication{
				name: source.Title + " (" + source.Date + "), " + s.ServiceArea, cloud: a.Cloud, area: s.ServiceArea, hasPorts: true,
			})
		}
		need := endpoints.Optional
		if s.Required {
			need = endpoints.Required
		}
		for _, h := range s.URLs {
			var ports []endpoints.Port
			for _, p := range s.Ports {
				p.Protocol = ""
				ports = append(ports, p)
			}
			out[i].add(listed{host: h, ports: ports, need: need})
		}
		for _, p := range s.IPs {
			if !slices.Contains(out[i].prefixes, p) {
				out[i].prefixes = append(out[i].prefixes, p)
			}
		}
	}
	return out
}

// add adds a name, or merges a row into an existing one.
func (p *publication) add(l listed) {
	i := slices.IndexFunc(p.hosts, func(o listed) bool { return o.host == l.host })
	if i < 0 {
		p.hosts = append(p.hosts, l)
		return
	}
	o := &p.hosts[i]
	for _, port := range l.ports {
		if !slices.Contains(o.ports, port) {
			o.ports = append(o.ports, port)
		}
	}
	for _, r := range l.regions {
		if !slices.Contains(o.regions, r) {
			o.regions = append(o.regions, r)
		}
	}
	o.need = min(o.need, l.need)
	if o.scenarios == nil || l.scenarios == nil {
		o.scenarios = nil
		return
	}
	for _, s := range l.scenarios {
		if !slices.Contains(o.scenarios, s) {
			o.scenarios = append(o.scenarios, s)
		}
	}
}
