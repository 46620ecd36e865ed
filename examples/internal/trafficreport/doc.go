// Package trafficreport writes what [traffic.Summary] holds for people, for the
// commands that annotate logs and captures.
package trafficreport
