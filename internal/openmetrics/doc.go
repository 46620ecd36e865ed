// Package openmetrics holds what readiness/render writes for monitoring to
// Prometheus' own parser. It is a module of its own, so that nothing else
// depends on Prometheus.
package openmetrics
