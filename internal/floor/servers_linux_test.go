package floor_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/miekg/dns"
	"golang.org/x/crypto/ocsp"
)

// The names that the servers serve. Certificates of hosts in revocable name a
// responder, those of hosts in plain do not.
const (
	plain     = "plain.test"
	revocable = "revocable.test"
	responder = "ocsp.test"
)

func name(i int, domain string) string { return fmt.Sprintf("host-%d.%s", i, domain) }

// servers are a resolver, a web server for all names, and a responder.
type servers struct {
	roundTrip          time.Duration
	root, intermediate authority
	key                *ecdsa.PrivateKey // of every leaf

	mu     sync.Mutex
	leaves map[string]*tls.Certificate
	said   map[string][]byte // OCSP responses by request
}

type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newServers(roundTrip time.Duration) (place, error) {
	s := &servers{roundTrip: roundTrip, leaves: map[string]*tls.Certificate{}, said: map[string][]byte{}}
	var err1, err2, err3 error
	s.root, err1 = newAuthority("Root", nil)
	s.intermediate, err2 = newAuthority("Intermediate", &s.root)
	s.key, err3 = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	packets, err4 := net.ListenPacket("udp4", "127.0.0.1:0") //nolint:noctx // for as long as the process
	web, err5 := net.Listen("tcp4", "0.0.0.0:0")             //nolint:gosec // each name has its address
	plainWeb, err6 := net.Listen("tcp4", "127.0.0.1:0")
	if err := errors.Join(err1, err2, err3, err4, err5, err6); err != nil {
		return place{}, err
	}
	if c, ok := packets.(*net.UDPConn); ok {
		if err := c.SetReadBuffer(4 << 20); err != nil {
			return place{}, err
		}
	}
	quiet := log.New(io.Discard, "", 0)
	go func() { _ = (&dns.Server{PacketConn: packets, Handler: dns.HandlerFunc(s.resolve)}).ActivateAndServe() }()
	go func() {
		config := &tls.Config{GetCertificate: s.certificate, MaxVersion: tls.VersionTLS12}          //nolint:gosec // what is measured
		server := &http.Server{Handler: http.HandlerFunc(page), TLSConfig: config, ErrorLog: quiet} //nolint:gosec // only this process asks
		_ = server.ServeTLS(slow{web, roundTrip}, "", "")
	}()
	go func() {
		server := &http.Server{Handler: http.HandlerFunc(s.respond), ErrorLog: quiet} //nolint:gosec // only this process asks
		_ = server.Serve(slow{plainWeb, roundTrip})
	}()
	at := func(a net.Addr) netip.AddrPort { return netip.MustParseAddrPort(a.String()) }
	return place{at(packets.LocalAddr()), at(web.Addr()), at(plainWeb.Addr()), s.root.cert.Raw}, nil
}

func newAuthority(cn string, parent *authority) (authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return authority{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{Organization: []string{"Floor"}, CommonName: cn},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	if parent == nil {
		parent = &authority{template, key}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent.cert, key.Public(), parent.key)
	if err != nil {
		return authority{}, err
	}
	cert, err := x509.ParseCertificate(der)
	return authority{cert, key}, err
}

// resolve answers with an address of this machine for each name.
func (s *servers) resolve(w dns.ResponseWriter, question *dns.Msg) {
	time.Sleep(s.roundTrip)
	m := new(dns.Msg)
	m.SetReply(question)
	m.RecursionAvailable = true
	q := question.Question[0]
	if q.Qtype == dns.TypeA {
		m.Answer = append(m.Answer, &dns.A{Hdr: dns.RR_Header{Name: q.Name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 300}, A: address(q.Name)})
	} else {
		m.Ns = append(m.Ns, &dns.SOA{
			Hdr: dns.RR_Header{Name: "test.", Rrtype: dns.TypeSOA, Class: dns.ClassINET, Ttl: 300},
			Ns:  "ns.test.", Mbox: "hostmaster.test.", Serial: 1, Refresh: 3600, Retry: 600, Expire: 86400, Minttl: 300,
		})
	}
	if question.IsEdns0() != nil {
		m.SetEdns0(1232, false)
	}
	_ = w.WriteMsg(m)
}

// address gives each host its own, so that none runs out of ports.
func address(fqdn string) net.IP {
	var i int
	if _, err := fmt.Sscanf(fqdn, "host-%d.", &i); err != nil {
		return net.IPv4(127, 0, 0, 1)
	}
	return net.IPv4(127, byte(64+i>>16), byte(i>>8), byte(i))
}

// certificate returns the chain of a name.
func (s *servers) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.leaves[hello.ServerName]; c != nil {
		return c, nil
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(int64(len(s.leaves)) + 1<<60), Subject: pkix.Name{CommonName: hello.ServerName}, DNSNames: []string{hello.ServerName},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if strings.HasSuffix(hello.ServerName, revocable) {
		template.OCSPServer = []string{"http://" + responder}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, s.intermediate.cert, s.key.Public(), s.intermediate.key)
	if err != nil {
		return nil, err
	}
	c := &tls.Certificate{Certificate: [][]byte{der, s.intermediate.cert.Raw}, PrivateKey: crypto.Signer(s.key)}
	s.leaves[hello.ServerName] = c
	return c, nil
}

func page(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain")
	_, _ = io.WriteString(w, strings.Repeat("x", 100))
}

// respond says that a certificate is good.
func (s *servers) respond(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	answer := s.said[r.URL.Path]
	s.mu.Unlock()
	if answer == nil {
		var err error
		if answer, err = s.answer(strings.TrimPrefix(r.URL.Path, "/")); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		s.mu.Lock()
		s.said[r.URL.Path] = answer
		s.mu.Unlock()
	}
	w.Header().Set("Content-Type", "application/ocsp-response")
	_, _ = w.Write(answer)
}

func (s *servers) answer(path string) ([]byte, error) {
	if text, err := url.PathUnescape(path); err == nil {
		path = text
	}
	der, err := base64.StdEncoding.DecodeString(path)
	if err != nil {
		return nil, err
	}
	request, err := ocsp.ParseRequest(der)
	if err != nil {
		return nil, err
	}
	template := ocsp.Response{
		Status: ocsp.Good, SerialNumber: request.SerialNumber, ThisUpdate: time.Now().Add(-time.Hour), NextUpdate: time.Now().Add(time.Hour),
	}
	return ocsp.CreateResponse(s.intermediate.cert, s.intermediate.cert, template, s.intermediate.key)
}

// A slow listener's connections answer after a round trip, and the first time
// after another one, which connecting takes.
type slow struct {
	net.Listener

	roundTrip time.Duration
}

func (l slow) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil || l.roundTrip == 0 {
		return c, err
	}
	return &slowConn{c, l.roundTrip, 2 * l.roundTrip}, nil
}

type slowConn struct {
	net.Conn

	roundTrip, owed time.Duration
}

func (c *slowConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.owed = max(c.owed, c.roundTrip)
	return n, err
}

func (c *slowConn) Write(p []byte) (int, error) {
	time.Sleep(c.owed)
	c.owed = 0
	return c.Conn.Write(p)
}
