package m365

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/netready/netready/endpoints"
)

// Interval is how often clients may ask for the version, according to the
// service.
const Interval = time.Hour

// A Client queries the Microsoft 365 endpoint service. The zero value works: it
// uses [http.DefaultTransport], a new identifier, and no cache.
//
// A Client is safe for concurrent use. It must not be copied, nor its fields
// changed, after first use.
type Client struct {
	// HTTP sends the requests. Nil means a client with default settings.
	// Redirects outside the service are refused before the client's own
	// redirect policy is consulted. A call without a deadline, in its context
	// or as HTTP's Timeout, ends after [DefaultTimeout].
	HTTP *http.Client

	// ClientRequestID is a UUID that identifies the installation. Empty means
	// the one in the cache, or a new one; [Client.RequestID] returns it. The
	// service may block the identifiers in Microsoft's examples.
	ClientRequestID string

	// TenantName is the tenant's name, as in "contoso". The service uses it in
	// names such as contoso.sharepoint.com. If empty, these stay wildcards.
	TenantName string

	// ServiceAreas are the areas to request. The service always adds
	// [AreaCommon]. If empty, the service returns all areas except [AreaMEM].
	ServiceAreas []string

	// NoIPv6 omits IPv6 address ranges.
	NoIPv6 bool

	// Cache keeps the sets between calls. Nil means no cache.
	Cache Cache

	mu        sync.Mutex
	generated string
	notBefore time.Time // when the rate limit allows the next request
	turn      chan struct{}
}

// RequestID returns the identifier that c uses: ClientRequestID, or the one
// from the cache, or a new one. Keep it for this installation.
func (c *Client) RequestID() string {
	if c.ClientRequestID != "" {
		return c.ClientRequestID
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.generated == "" {
		c.generated = NewRequestID()
	}
	return c.generated
}

// adopt takes over the identifier of a cached answer, if c has none.
func (c *Client) adopt(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.generated == "" {
		c.generated = id
	}
}

// Versions returns the latest version of each cloud. The service does not limit
// these requests, but clients should send at most one per [Interval]. An error
// is an [*Error].
func (c *Client) Versions(ctx context.Context) (map[endpoints.Cloud]Version, error) {
	if err := c.check(""); err != nil {
		return nil, err
	}
	const path = "/version"
	body, err := c.get(ctx, path, nil)
	if err != nil {
		return nil, err
	}
	versions, err := ParseVersions(body)
	if err != nil {
		return nil, decodeError(path, err)
	}
	return versions, nil
}

// Version returns the latest version of a cloud; see [Client.Versions]. In all
// methods, an empty cloud means [endpoints.CloudWorldwide].
func (c *Client) Version(ctx context.Context, cloud endpoints.Cloud) (Version, error) {
	if err := c.check(cloud); err != nil {
		return "", err
	}
	path := "/version/" + instanceOf(cloud)
	body, err := c.get(ctx, path, nil)
	if err != nil {
		return "", err
	}
	versions, err := ParseVersions(body)
	if err != nil {
		return "", decodeError(path, err)
	}
	v, ok := versions[cmp.Or(cloud, endpoints.CloudWorldwide)]
	if !ok {
		return "", &Error{Code: BadContent, Path: path, Err: errors.New("the version of another instance")}
	}
	return v, nil
}

// Endpoints returns the endpoint sets of a cloud.
//
// With a cache, it returns the cached answer if the service was asked within
// the last [Interval]. Otherwise it asks for the version and fetches the sets
// only if they are new. Without a cache it always requests both.
//
// An error is an [*Error]. If the service fails and the cache has an older
// answer, Endpoints returns both the answer and the error; Checked tells the
// answer's age. If only storing the answer fails, it returns the answer with an
// error whose code is [CacheFailed]. With any other error the answer is nil.
func (c *Client) Endpoints(ctx context.Context, cloud endpoints.Cloud) (*Answer, error) {
	if err := c.check(cloud); err != nil {
		return nil, err
	}
	if err := c.wait(ctx); err != nil {
		return nil, err
	}
	defer func() { <-c.turn }()

	query, instance := c.query(), instanceOf(cloud)
	cached, err := c.load(ctx, instance, query)
	if err != nil {
		return nil, err
	}
	if cached != nil && cached.fresh() {
		return cached.answer()
	}
	now := time.Now()
	version, err := c.Version(ctx, cloud)
	if err != nil {
		return cached.orError(err)
	}
	if cached != nil && cached.Version == version {
		cached.Checked, cached.ClientRequestID = now, c.RequestID()
		return c.store(ctx, cached, query)
	}
	path := "/endpoints/" + instance
	body, err := c.getLimited(ctx, path, query)
	if err != nil {
		return cached.orError(err)
	}
	e := &entry{
		Format: entryFormat, Instance: instance, Version: version, ClientRequestID: c.RequestID(),
		Fetched: now, Checked: now, Sets: body,
	}
	if err := e.parse(); err != nil {
		return cached.orError(decodeError(path, err))
	}
	return c.store(ctx, e, query)
}

// wait waits for its turn to use the cache.
func (c *Client) wait(ctx context.Context) error {
	c.mu.Lock()
	if c.turn == nil {
		c.turn = make(chan struct{}, 1)
	}
	c.mu.Unlock()
	if ctx.Err() == nil {
		select {
		case c.turn <- struct{}{}:
			return nil
		case <-ctx.Done():
		}
	}
	return &Error{Code: contextCode(ctx), Err: ctx.Err()}
}

// History is what changed in a cloud after a version.
type History struct {
	Cloud   endpoints.Cloud
	Since   Version
	Version Version // the latest
	Changes []Change

	// Problems are the parts that could not be read. Everything else is in
	// Changes.
	Problems []*endpoints.Error
}

// Changes returns what changed in a cloud after a version, or everything for
// [First]. It asks for the latest version, and fetches the changes only if that
// differs from since. An error is an [*Error].
func (c *Client) Changes(ctx context.Context, cloud endpoints.Cloud, since Version) (*History, error) {
	if err := c.check(cloud); err != nil {
		return nil, err
	}
	if !since.Valid() {
		return nil, &Error{Code: BadArgument, Err: errors.New("want a version of ten digits")}
	}
	latest, err := c.Version(ctx, cloud)
	if err != nil {
		return nil, err
	}
	h := &History{Cloud: cmp.Or(cloud, endpoints.CloudWorldwide), Since: since, Version: latest}
	if latest == since {
		return h, nil
	}
	path := "/changes/" + instanceOf(cloud) + "/" + string(since)
	body, err := c.getLimited(ctx, path, nil)
	if err != nil {
		return nil, err
	}
	if h.Changes, h.Problems, err = ParseChanges(body); err != nil {
		return nil, decodeError(path, err)
	}
	return h, nil
}

// check returns an error for invalid arguments, before any request.
func (c *Client) check(cloud endpoints.Cloud) error {
	var reason string
	area := regexp.MustCompile(`^[A-Za-z]{1,32}$`)
	if err := (endpoints.Scope{Cloud: cloud}).Validate(); err != nil {
		return &Error{Code: BadArgument, Err: err}
	}
	switch {
	case c.ClientRequestID != "" && !isRequestID(c.ClientRequestID):
		reason = "ClientRequestID is not a UUID"
	case c.TenantName != "" && !isTenantName(c.TenantName):
		reason = "TenantName is not a tenant's name, as in contoso"
	}
	for _, a := range c.ServiceAreas {
		if !area.MatchString(a) {
			reason = "ServiceAreas has an invalid area name"
		}
	}
	if reason != "" {
		return &Error{Code: BadArgument, Err: errors.New(reason)}
	}
	return nil
}

func isTenantName(s string) bool {
	h, err := endpoints.ParseHost(s + ".example")
	return err == nil && h.Kind() == endpoints.Exact && !strings.Contains(s, ".")
}

// query returns the parameters of the endpoints method, without the identifier.
func (c *Client) query() url.Values {
	q := make(url.Values)
	if c.TenantName != "" {
		q.Set("TenantName", c.TenantName)
	}
	if len(c.ServiceAreas) > 0 {
		q.Set("ServiceAreas", strings.Join(c.ServiceAreas, ","))
	}
	if c.NoIPv6 {
		q.Set("NoIPv6", "true")
	}
	return q
}
