package floor_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/miekg/dns"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/render"
)

// A client checks n hosts of a domain, and returns an error if one fails.
type client func(ctx context.Context, p place, n int) error

// floorClient is the minimum: it asks for a name, connects, verifies, and
// requests, and keeps nothing.
func floorClient(atOnce int) client {
	return func(ctx context.Context, p place, n int) error {
		roots := p.roots()
		return each(n, atOnce, func(i int) error { return floorCheck(ctx, p, roots, name(i, plain)) })
	}
}

func floorCheck(ctx context.Context, p place, roots *x509.CertPool, host string) error {
	secure, err := floorConnect(ctx, p, roots, host)
	if err != nil {
		return err
	}
	defer secure.NetConn().Close()
	if _, err := io.WriteString(secure, "GET / HTTP/1.1\r\nHost: "+host+"\r\nConnection: close\r\n\r\n"); err != nil {
		return err
	}
	resp, err := http.ReadResponse(bufio.NewReader(secure), nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

// floorConnect connects to a host. The first use of the connection makes the
// handshake.
func floorConnect(ctx context.Context, p place, roots *x509.CertPool, host string) (*tls.Conn, error) {
	addr, err := floorLookup(p, host)
	if err != nil {
		return nil, err
	}
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", netip.AddrPortFrom(addr, p.Web.Port()).String())
	if err != nil {
		return nil, err
	}
	if err := conn.SetDeadline(time.Now().Add(readiness.DefaultTimeout)); err != nil {
		conn.Close()
		return nil, err
	}
	return tls.Client(conn, &tls.Config{ServerName: host, RootCAs: roots, MaxVersion: tls.VersionTLS12}), nil //nolint:gosec // what the library speaks
}

// floorLookup asks for an IPv4 address alone.
func floorLookup(p place, host string) (netip.Addr, error) {
	c := dns.Client{Timeout: readiness.DefaultTimeout}
	answer, _, err := c.Exchange(new(dns.Msg).SetQuestion(dns.Fqdn(host), dns.TypeA), p.DNS.String())
	if err != nil {
		return netip.Addr{}, err
	}
	for _, rr := range answer.Answer {
		if a, ok := rr.(*dns.A); ok {
			addr, _ := netip.AddrFromSlice(a.A.To4())
			return addr, nil
		}
	}
	return netip.Addr{}, fmt.Errorf("no address of %s", host)
}

// netHTTP is what most programs use.
func netHTTP(ctx context.Context, p place, n int) error {
	d := net.Dialer{Resolver: &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", p.DNS.String())
	}}}
	c := http.Client{Timeout: readiness.DefaultTimeout, Transport: &http.Transport{
		DialContext: d.DialContext, DisableKeepAlives: true,
		TLSClientConfig: &tls.Config{RootCAs: p.roots(), MaxVersion: tls.VersionTLS12}, //nolint:gosec // what the library speaks
	}}
	return each(n, readiness.DefaultConcurrency, func(i int) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("https://%s:%d/", name(i, plain), p.Web.Port()), nil)
		if err != nil {
			return err
		}
		resp, err := c.Do(req)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		_, err = io.Copy(io.Discard, resp.Body)
		return err
	})
}

// library is everything from a plan to the report as JSON. The catalog is made
// once, because it is no part of a check.
func library(domain string) client {
	catalogs := make(map[int]*endpoints.Catalog)
	return func(ctx context.Context, p place, n int) error {
		c := catalogs[n]
		if c == nil {
			var err error
			if c, err = catalog(domain, n, p.Web.Port()); err != nil {
				return err
			}
			catalogs[n] = c
		}
		r := readiness.Runner{Catalog: c, Network: p.network(), Deadline: time.Hour} // a busy machine takes long
		report, err := r.Assess(ctx, endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
		if err != nil {
			return err
		}
		if err := succeeded(report); err != nil {
			return err
		}
		for _, f := range report.Findings {
			if v := f.Observation.Revocation; domain == revocable && f.Check.Target.Protocol == probe.HTTPS && (v == nil || v.Code != "" || len(v.Sources) != 1) {
				return fmt.Errorf("%s: revocation %+v", f.Check.ID(), v)
			}
		}
		return render.JSON(io.Discard, report)
	}
}

func succeeded(r *readiness.Report) error {
	for _, f := range r.Findings {
		if f.Outcome != readiness.OK {
			return fmt.Errorf("%s: %v, %s", f.Check.ID(), f.Outcome, string(f.Code))
		}
	}
	return nil
}

// streamed writes each observation as soon as it is made, and a report without
// them. The catalog is made before.
func streamed(c *endpoints.Catalog) client {
	return func(ctx context.Context, p place, _ int) error {
		var failed error
		r := readiness.Runner{
			Catalog: c, Network: p.network(), Deadline: time.Hour, Timeout: 20 * time.Minute, Forget: true, // for busy machines
			OnResult: func(_ readiness.Check, o probe.Observation) {
				line, err := o.MarshalJSON()
				if err == nil {
					_, err = io.Discard.Write(line)
				}
				failed = errors.Join(failed, err)
			},
		}
		report, err := r.Assess(ctx, endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
		if err != nil {
			return err
		}
		return errors.Join(failed, succeeded(report), render.Brief(io.Discard, report))
	}
}

// network is the one of the servers. Responders have to be at port 80, which
// only root may open.
func (p place) network() probe.Network {
	return probe.Network{
		Resolvers: []netip.AddrPort{p.DNS}, SearchDomains: []string{}, HostsFile: map[string][]netip.Addr{},
		Roots: x509.NewCertPool(), PublicRoots: p.roots(),
		Connect: func(ctx context.Context, network, address string) (net.Conn, error) {
			if address == "127.0.0.1:80" {
				address = p.OCSP.String()
			}
			var d net.Dialer
			return d.DialContext(ctx, network, address)
		},
	}
}

func (p place) roots() *x509.CertPool {
	roots := x509.NewCertPool()
	if c, err := x509.ParseCertificate(p.Root); err == nil {
		roots.AddCert(c)
	}
	return roots
}

// catalog returns one of the hosts of a domain.
func catalog(domain string, n int, port uint16) (*endpoints.Catalog, error) {
	list := make([]endpoints.Endpoint, n)
	for i := range list {
		e, err := endpoints.New("intranet", name(i, domain), fmt.Sprintf("tcp/%d https", port))
		if err != nil {
			return nil, err
		}
		list[i] = e
	}
	return new(endpoints.Catalog).With(list...)
}

// each does n things, some at once.
func each(n, atOnce int, do func(i int) error) error {
	next := make(chan int)
	errs := make(chan error, n)
	var all sync.WaitGroup
	for range atOnce {
		all.Go(func() {
			for i := range next {
				errs <- do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	all.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
