package probe

import "github.com/netready/netready/internal/jsonwrite"

func (f *TLSFacts) write(w *jsonwrite.Writer) {
	w.Open('{')
	text(w, "server_name", f.ServerName)
	optionalText(w, "version", f.Version)
	optionalText(w, "cipher_suite", f.CipherSuite)
	writeList(w, "chain", f.Chain, (*Certificate).write)
	optionalText(w, "verified_by", f.VerifiedBy)
	optionalTime(w, "valid_from", f.ValidFrom)
	optionalTime(w, "valid_until", f.ValidUntil)
	w.Name("name_matches")
	w.Bool(f.NameMatches)
	optionalText(w, "alias", f.Alias)
	optionalBool(w, "client_certificate_requested", f.ClientCertificateRequested)
	texts(w, "fetched_issuers", f.FetchedIssuers)
	optionalText(w, "missing_issuer", f.MissingIssuer)
	writeList(w, "issuer_failures", f.IssuerFailures, (*Document).write)
	optionalText(w, "vendor", f.Vendor)
	optionalText(w, "alert", f.Alert)
	writeList(w, "handshakes", f.Handshakes, (*Handshake).write)
	w.Close('}')
}

func (c *Certificate) write(w *jsonwrite.Writer) {
	w.Open('{')
	text(w, "subject", c.Subject)
	text(w, "issuer", c.Issuer)
	optionalText(w, "organization", c.Organization)
	texts(w, "dns_names", c.DNSNames)
	w.Name("not_before")
	w.Time(c.NotBefore)
	w.Name("not_after")
	w.Time(c.NotAfter)
	text(w, "sha256", c.SHA256)
	optionalInt(w, "scts", c.SCTs)
	w.Close('}')
}

func (h *Handshake) write(w *jsonwrite.Writer) {
	w.Open('{')
	text(w, "offered", h.Offered)
	optionalText(w, "version", h.Version)
	optionalInt(w, "hello", h.Hello)
	optionalInt(w, "packet", h.Packet)
	optionalBool(w, "refusable", h.Refusable)
	optionalText(w, "code", string(h.Code))
	w.Close('}')
}
