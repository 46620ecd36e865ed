package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/netready/netready/endpoints"
)

// maxRow bounds a row of an extract.
const maxRow = 1 << 16

// readTable reads an extract of tab-separated values into p. The columns in its
// first line determine its kind.
func readTable(p publication, data []byte) (publication, error) {
	if bytes.IndexByte(data, 0) >= 0 {
		return p, errors.New("it is not text")
	}
	text := strings.TrimPrefix(string(data), "\ufeff")
	var row func(*publication, []string) error
	columns, n := 0, 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimRight(line, "\r\n")
		if len(line) > maxRow {
			return p, fmt.Errorf("line %d: longer than %d bytes", n, maxRow)
		}
		cells := strings.Split(line, "\t")
		switch {
		case n == 1:
			if row = rowReader(line); row == nil {
				return p, fmt.Errorf("line 1: unknown columns %q: want host, transport, port, need, section, region and note; prefix, kind and note; or scenario, cloud, supported, source and date", cells)
			}
			columns = len(cells)
		case line == "":
		case len(cells) != columns:
			return p, fmt.Errorf("line %d: %d columns, want %d", n, len(cells), columns)
		default:
			if err := row(&p, cells); err != nil {
				return p, fmt.Errorf("line %d: %w", n, err)
			}
		}
	}
	if n == 0 {
		return p, errors.New("it is empty")
	}
	return p, nil
}

// rowReader returns the function that reads rows with these columns.
func rowReader(head string) func(*publication, []string) error {
	switch strings.ReplaceAll(head, "\t", " ") {
	case "host transport port need section region note":
		return readHostRow
	case "prefix kind note":
		return readPrefixRow
	case "scenario cloud supported source date":
		return readSupportRow
	case "subject fact source date", "zone MNAME RNAME name servers source date confidence":
		return func(p *publication, _ []string) error {
			p.skipped = "catalogs do not have such facts"
			return nil
		}
	}
	return nil
}

func readHostRow(p *publication, cells []string) error {
	h, err := endpoints.ParseHost(cells[0])
	if err != nil {
		return err
	}
	if cells[1] != "tcp" && cells[1] != "udp" {
		return fmt.Errorf("transport %q: want tcp or udp", cells[1])
	}
	l := listed{host: h, scenarios: p.scenarios}
	if cells[2] != "" { // the document may name a host without saying more
		port, err := strconv.ParseUint(cells[2], 10, 16)
		if err != nil || port == 0 {
			return fmt.Errorf("%q is not a port", cells[2])
		}
		l.ports = []endpoints.Port{{Transport: cells[1], Number: uint16(port)}}
	}
	switch cells[3] {
	case "required":
		l.need = endpoints.Required
	case "optional":
		l.need = endpoints.Optional
	case "listed":
		l.need = endpoints.NotNeeded
	default:
		return fmt.Errorf("need %q: want required, optional or listed", cells[3])
	}
	for word := range strings.SplitSeq(cells[5], ", ") {
		switch r := endpoints.Region(word); {
		case slices.Contains(endpoints.Regions(), r):
			l.regions = append(l.regions, r)
		case word != "" && word != "rest of world":
			return fmt.Errorf("unknown region %q", word)
		}
	}
	if strings.HasPrefix(cells[4], "Self-deploying and pre-provisioning") {
		l.scenarios = []endpoints.Scenario{endpoints.ScenarioSelfDeploying, endpoints.ScenarioPreProvisioning}
	}
	p.hasPorts = true
	p.add(l)
	return nil
}

func readPrefixRow(p *publication, cells []string) error {
	prefix, err := netip.ParsePrefix(cells[0])
	if err != nil {
		return fmt.Errorf("%q is not a range", cells[0])
	}
	p.prefixes = append(p.prefixes, prefix.Masked())
	return nil
}

func readSupportRow(p *publication, cells []string) error {
	known := endpoints.Contradicted
	switch answer, _, _ := strings.Cut(cells[2], ","); answer {
	case "yes":
		known = endpoints.Confirmed
	case "no":
	default:
		return fmt.Errorf("supported %q: want yes or no", cells[2])
	}
	for scenario := range strings.SplitSeq(cells[0], ", ") {
		s := endpoints.Scenario(scenario)
		if !slices.Contains(endpoints.Scenarios(), s) && endpoints.Service(scenario) != endpoints.ServiceRemoteHelp {
			return fmt.Errorf("unknown scenario %q", scenario)
		}
		for cloud := range strings.SplitSeq(cells[1], ", ") {
			if !slices.Contains(endpoints.Clouds(), endpoints.Cloud(cloud)) {
				return fmt.Errorf("unknown cloud %q", cloud)
			}
			p.support = append(p.support, listedSupport{s, endpoints.Cloud(cloud), known})
		}
	}
	return nil
}
