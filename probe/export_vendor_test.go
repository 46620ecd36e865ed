package probe

import "net/http"

// Title finds the title of a page.
func Title(page []byte) string { return title(page, nil) }

// Signs are the signs of vendors.
func Signs() []Sign {
	var list []Sign
	for _, s := range signs() {
		list = append(list, Sign(s))
	}
	return list
}

// A Sign is a sign of a vendor.
type Sign sign

// IssuerVendor names the vendor of a chain with these issuers.
func IssuerVendor(issuers ...string) string {
	var chain []Certificate
	for _, issuer := range issuers {
		chain = append(chain, Certificate{Issuer: issuer})
	}
	return issuerVendor(chain)
}

// AnswerVendor names the vendor of an answer.
func AnswerVendor(h http.Header, location, body string) string {
	return answerVendor(identifying(h, nil), location, []byte(body))
}
