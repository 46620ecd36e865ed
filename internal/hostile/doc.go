// Package hostile has no code, only tests: web servers, proxies, resolvers and
// time servers that answer as no honest one would. Each has its stable code,
// costs little memory and time, and leaves nothing behind.
//
// Time is virtual, so a peer that trickles for hours takes none. Only the many
// runs in one process use real sockets.
package hostile
