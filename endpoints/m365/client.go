package m365

import (
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

// Interval is how often the service wants to be asked for its version at most.
const Interval = time.Hour

// A Client asks the Microsoft 365 endpoint service. Its zero value works: it
// uses [http.DefaultTransport], a new identifier, and no cache.
//
// A Client may be used concurrently, but not copied after its first use, and its
// fields may not be changed then.
type Client struct {
	// HTTP sends the requests. Nil means a client without further settings. Its
	// redirect policy is asked only after that of this package, which follows
	// redirects within the service alone. Without a deadline, of a call's context
	// or as its Timeout, a call ends after [DefaultTimeout].
	HTTP *http.Client

	// ClientRequestID identifies the installation, as a UUID. Empty means that of
	// the answer in the cache, or else a new one; [Client.RequestID] returns it.
	// The identifiers in Microsoft's own examples may be blocked.
	ClientRequestID string

	// TenantName is the tenant's name, as "contoso", which the service puts into
	// names such as contoso.sharepoint.com. Empty leaves the wildcards there.
	TenantName string

	// ServiceAreas are the areas to ask for. [AreaCommon] always comes with them.
	// Empty leaves the choice to the service, which leaves out [AreaMEM].
	ServiceAreas []string

	// NoIPv6 leaves out the address ranges of IPv6.
	NoIPv6 bool

	// Cache keeps the endpoints between calls. Nil means no cache.
	Cache Cache

	mu        sync.Mutex
	generated string
	notBefore time.Time // when the service may be asked again for what it limits
	turn      chan struct{}
}

// RequestID returns the identifier that c uses: ClientRequestID, or the one that
// c made up or found in its cache. Keep it for the installation.
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

// adopt takes the identifier of a cached answer, if there is none yet.
func (c *Client) adopt(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.generated == "" {
		c.generated = id
	}
}

// Versions returns the latest version of each instance. The service does not
// limit this, but wants to be asked once in an [Interval] at most. An error is
// an [*Error].
func (c *Client) Versions(ctx context.Context) (map[Instance]Version, error) {
	if err := c.check(Worldwide); err != nil {
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

// Version returns the latest version of an instance; see [Client.Versions].
func (c *Client) Version(ctx context.Context, instance Instance) (Version, error) {
	if err := c.check(instance); err != nil {
		return "", err
	}
	path := "/version/" + string(instance)
	body, err := c.get(ctx, path, nil)
	if err != nil {
		return "", err
	}
	versions, err := ParseVersions(body)
	if err != nil {
		return "", decodeError(path, err)
	}
	v, ok := versions[instance]
	if !ok {
		return "", &Error{Code: BadContent, Path: path, Err: errors.New("the version of another instance")}
	}
	return v, nil
}

// Endpoints returns the endpoint sets of an instance.
//
// With a cache, it returns the answer there if the service was asked within the
// last [Interval]. Otherwise it asks for the version, and fetches the sets only
// if there is a new one. Without a cache it asks for both.
//
// An error is an [*Error]. If the service does not give what it should and the
// cache has an older answer, that is returned together with the error; its
// Checked says how old it is. If only storing the answer failed, it is returned
// together with an error that is [CacheFailed]. Otherwise the answer is nil if
// there is an error.
func (c *Client) Endpoints(ctx context.Context, instance Instance) (*Answer, error) {
	if err := c.check(instance); err != nil {
		return nil, err
	}
	if err := c.wait(ctx); err != nil {
		return nil, err
	}
	defer func() { <-c.turn }()

	query := c.query()
	cached, err := c.load(ctx, instance, query)
	if err != nil {
		return nil, err
	}
	if cached != nil && cached.fresh() {
		return cached.answer()
	}
	now := time.Now()
	version, err := c.Version(ctx, instance)
	if err != nil {
		return cached.orError(err)
	}
	if cached != nil && cached.Version == version {
		cached.Checked, cached.ClientRequestID = now, c.RequestID()
		return c.store(ctx, cached, query)
	}
	path := "/endpoints/" + string(instance)
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

// wait takes the turn of a call that uses the cache.
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

// History is what changed in an instance since a version.
type History struct {
	Instance Instance
	Since    Version
	Version  Version // the latest
	Changes  []Change

	// Problems are what could not be read. The rest is in Changes.
	Problems []*DecodeError
}

// Changes returns what changed in an instance since a version, and since [First]
// all changes of the service's life. It asks for the latest version, and if that
// is another one, for the changes. An error is an [*Error].
func (c *Client) Changes(ctx context.Context, instance Instance, since Version) (*History, error) {
	if err := c.check(instance); err != nil {
		return nil, err
	}
	if !since.Valid() {
		return nil, &Error{Code: BadArgument, Err: errors.New("a version of ten digits is needed")}
	}
	latest, err := c.Version(ctx, instance)
	if err != nil {
		return nil, err
	}
	h := &History{Instance: instance, Since: since, Version: latest}
	if latest == since {
		return h, nil
	}
	path := "/changes/" + string(instance) + "/" + string(since)
	body, err := c.getLimited(ctx, path, nil)
	if err != nil {
		return nil, err
	}
	if h.Changes, h.Problems, err = ParseChanges(body); err != nil {
		return nil, decodeError(path, err)
	}
	return h, nil
}

// check returns what is wrong with the arguments, before anything is sent.
func (c *Client) check(instance Instance) error {
	var reason string
	area := regexp.MustCompile(`^[A-Za-z]{1,32}$`)
	switch {
	case instance.Cloud() == "":
		reason = "unknown instance"
	case c.ClientRequestID != "" && !isRequestID(c.ClientRequestID):
		reason = "ClientRequestID is no UUID"
	case c.TenantName != "" && !isTenantName(c.TenantName):
		reason = "TenantName is no name of a tenant, as in contoso"
	}
	for _, a := range c.ServiceAreas {
		if !area.MatchString(a) {
			reason = "ServiceAreas has what is no name of an area"
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

// query returns what is asked of the endpoints method beside the identifier.
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
