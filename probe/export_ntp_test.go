package probe

// ClockPrecision is how exactly the system of the test reads its clock.
var ClockPrecision = clockPrecision
