package probe

import "net/url"

// RequestText returns a request as it is sent to a server or a proxy. An empty
// post is none.
func RequestText(u, proxy *url.URL, ranged, keep bool, post []byte) string {
	r := request{url: u, agent: "agent", ranged: ranged, keep: keep}
	if len(post) > 0 {
		r.post = post
	}
	return string(r.text(&route{proxy: proxy}))
}
