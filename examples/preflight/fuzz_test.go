package main

import (
	"crypto/x509"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// FuzzArguments: no argument makes the command panic, or print anything but one line
// of visible text without the credentials in it.
func FuzzArguments(f *testing.F) {
	for _, s := range []string{
		"-proxy\x00%", "-resolver=%:53", "-tenant\x00%,contoso.com", "-timeout\x00%", "-simulate=%", "-roots\x00%\x00-format=%", "%",
		"-proxy=socks5://%", "-features\x00%", "-x=%", "-\x00%", "--%",
	} {
		f.Add(s, "p,w rd")
	}
	f.Fuzz(func(t *testing.T, form, password string) {
		const least = 6 // a shorter text may be part of another word
		if strings.ContainsAny(password, "\x00") || len(password) < least || !utf8.ValidString(password) || strings.TrimFunc(password, unicode.IsLetter) == "" {
			return
		}
		secret := "Q" + password + "Z" // which no message of the command has
		proxy := "http://Alice_9:" + secret + "@proxy.example"
		args := strings.Split(strings.ReplaceAll(form, "%", proxy), "\x00")
		_, err := parse(args)
		if err == nil || errors.Is(err, flag.ErrHelp) {
			return
		}
		var b strings.Builder
		environment{args: args, stderr: &b}.log(err.Error())
		line, ok := strings.CutSuffix(b.String(), "\n")
		if !ok || !utf8.ValidString(line) || strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("printed %q", b.String())
		}
		if strings.Contains(form, "%") && (strings.Contains(line, secret) || strings.Contains(line, "Alice_9")) {
			t.Errorf("%q printed %q", args, line)
		}
	})
}

// FuzzAddresses: what is accepted as a resolver or a proxy can be used as one.
func FuzzAddresses(f *testing.F) {
	for _, s := range []string{
		"10.0.0.53:53", "[fd00::53]:53", "[fe80::1%eth0]:53", "::1", "1.2.3.4", "0.0.0.0:53", "[::ffff:1.2.3.4]:53", "a:1",
		"http://proxy.example:3128", "https://u:p@[::1]:1", "socks5://x", "http://x/", "http://x:0", "//x", "http://x?", "%zz",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if addr, err := parseResolver(s); err == nil && (!addr.IsValid() || addr.Port() == 0 || addr.Addr().IsUnspecified() || addr.Addr().Is4In6()) {
			t.Errorf("resolver %q: %v", s, addr)
		}
		if u, err := parseProxy(s); err == nil && (u.Hostname() == "" || u.RawQuery != "" || u.Opaque != "") {
			t.Errorf("proxy %q: %v", s, u)
		}
	})
}

// FuzzCertificates: what is accepted as a file of roots has certificates, and an
// error is at most a line when it is printed.
func FuzzCertificates(f *testing.F) {
	root, err := os.ReadFile("../../probe/roots/microsoft-root-2011.pem")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(root)
	f.Add(append(root, root[:900]...))
	f.Add([]byte("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"))
	f.Add([]byte("-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		certs, err := parseCertificates(text)
		if (err == nil) == (len(certs) == 0) {
			t.Errorf("%d certificates, %v", len(certs), err)
		}
		if err == nil {
			withCertificates(x509.NewCertPool(), certs)
			return
		}
		var b strings.Builder
		environment{stderr: &b}.log(err.Error())
		if line, ok := strings.CutSuffix(b.String(), "\n"); !ok || strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("printed %q", b.String())
		}
	})
}
