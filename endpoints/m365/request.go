package m365

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/netready/netready/endpoints"
)

// DefaultTimeout limits a call without a deadline of its own.
const DefaultTimeout = 30 * time.Second

const (
	host         = "endpoints.office.com"
	maxBody      = 8 << 20 // the complete worldwide answer has 36 KiB
	maxRedirects = 3
	maxWait      = 24 * time.Hour
)

// getLimited is get for rate-limited methods. It fails while the limit applies.
func (c *Client) getLimited(ctx context.Context, path string, query url.Values) ([]byte, error) {
	c.mu.Lock()
	wait := time.Until(c.notBefore)
	c.mu.Unlock()
	if wait > 0 {
		return nil, &Error{Code: RateLimited, Path: path, RetryAfter: wait, Err: errors.New("not sent")}
	}
	body, err := c.get(ctx, path, query)
	if e, ok := errors.AsType[*Error](err); ok && e.Code == RateLimited {
		c.mu.Lock()
		c.notBefore = time.Now().Add(e.RetryAfter)
		c.mu.Unlock()
	}
	return body, err
}

// get sends a request and returns the body of a JSON response.
func (c *Client) get(ctx context.Context, path string, query url.Values) ([]byte, error) {
	var client http.Client
	if c.HTTP != nil {
		client = *c.HTTP
	}
	if _, ok := ctx.Deadline(); !ok && client.Timeout == 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, DefaultTimeout)
		defer cancel()
	}
	client.CheckRedirect = redirects(client.CheckRedirect)

	query = maps.Clone(query)
	if query == nil {
		query = make(url.Values)
	}
	query.Set("ClientRequestId", c.RequestID())
	u := url.URL{Scheme: "https", Host: host, Path: path, RawQuery: query.Encode()}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return nil, &Error{Code: BadArgument, Path: path, Err: err}
	}
	request.Header.Set("Accept", "application/json")
	answer, err := client.Do(request)
	if err != nil {
		return nil, requestError(ctx, path, err)
	}
	defer answer.Body.Close()
	if err := checkAnswer(path, answer); err != nil {
		return nil, err
	}
	return readBody(ctx, path, answer)
}

// redirects returns a policy that stays within the service and then consults
// next.
func redirects(next func(*http.Request, []*http.Request) error) func(*http.Request, []*http.Request) error {
	return func(r *http.Request, via []*http.Request) error {
		if len(via) > maxRedirects {
			return fmt.Errorf("%d redirects: %w", len(via), errRedirected)
		}
		if r.URL.Scheme != "https" || !strings.EqualFold(r.URL.Host, host) || r.URL.User != nil {
			return fmt.Errorf("to %s://%s: %w", r.URL.Scheme, r.URL.Host, errRedirected)
		}
		if next != nil {
			return next(r, via)
		}
		return nil
	}
}

// errRedirected marks redirects that are not followed.
var errRedirected = errors.New("redirect not followed")

// requestError returns the error for a missing response. It omits the URL,
// which contains the identifier and the tenant.
func requestError(ctx context.Context, path string, err error) *Error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	e := &Error{Code: Unreachable, Path: path, Err: err}
	timeout, isNet := errors.AsType[net.Error](err)
	switch {
	case ctx.Err() != nil:
		e.Code = contextCode(ctx)
	case errors.Is(err, errRedirected):
		e.Code = Redirected
	case isNet && timeout.Timeout():
		e.Code = TimedOut
	}
	return e
}

func contextCode(ctx context.Context) string {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return TimedOut
	}
	return Canceled
}

func checkAnswer(path string, answer *http.Response) error {
	if answer.StatusCode != http.StatusOK {
		e := &Error{Code: BadStatus, Path: path, Status: answer.StatusCode, RetryAfter: retryAfter(answer.Header, 0)}
		if answer.StatusCode == http.StatusTooManyRequests {
			e.Code, e.RetryAfter = RateLimited, retryAfter(answer.Header, Interval)
		}
		return e
	}
	kind, _, err := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" && kind != "text/json" {
		return &Error{Code: BadContent, Path: path, Status: answer.StatusCode, Err: errors.New("the response is not JSON")}
	}
	return nil
}

// retryAfter reads the Retry-After header, RFC 9110 section 10.2.3: seconds or
// a date. Without a valid one it returns the default.
func retryAfter(h http.Header, otherwise time.Duration) time.Duration {
	text := strings.TrimSpace(h.Get("Retry-After"))
	wait := otherwise
	if seconds, err := strconv.ParseUint(text, 10, 32); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if date, err := http.ParseTime(text); err == nil {
		wait = time.Until(date)
	}
	return max(0, min(wait, maxWait))
}

func readBody(ctx context.Context, path string, answer *http.Response) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxBody+1))
	if len(body) > maxBody {
		return nil, &Error{Code: TooLarge, Path: path, Status: answer.StatusCode, Err: fmt.Errorf("more than %d bytes", maxBody)}
	}
	if err == nil {
		// If the client gives up, the server may end the body as if it were complete.
		err = ctx.Err()
	}
	if err != nil {
		e := requestError(ctx, path, err)
		e.Status = answer.StatusCode
		if e.Code == Unreachable {
			e.Code = Truncated
		}
		return nil, e
	}
	return bytes.TrimPrefix(body, []byte(byteOrderMark)), nil
}

// decodeError returns the error for an unreadable response, with the code of
// the fault.
func decodeError(path string, err error) *Error {
	code := BadContent
	if e, ok := errors.AsType[*endpoints.Error](err); ok && e.Code != endpoints.BadValue {
		code = e.Code
	}
	return &Error{Code: code, Path: path, Status: http.StatusOK, Err: err}
}
