package summary

import (
	"fmt"
	"strings"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Chart is a line of amounts over days. The table of its section has the same points.
type Chart struct {
	Title  string
	Points []ChartPoint
}

// ChartPoint is an amount on a day.
type ChartPoint struct {
	Day      string
	Value    tracker.Money
	Observed bool
}

// The measures of a chart, in its own units.
const (
	chartWidth  = 720
	chartHeight = 220
	chartLeft   = 90
	chartRight  = 12
	chartTop    = 12
	chartBottom = 28
	chartSteps  = 4
)

// svg draws the chart from nothing up, so that heights compare. A point is a dot where a scan looked.
func (c Chart) svg(b *strings.Builder, id string) {
	first, last := c.Points[0], c.Points[len(c.Points)-1]
	most := tracker.Dollar
	for _, p := range c.Points {
		most = max(most, p.Value)
	}
	scale := nice(most.Float())
	x := func(i int) float64 {
		if len(c.Points) == 1 {
			return (chartLeft + chartWidth - chartRight) / 2
		}
		return chartLeft + float64(i)/float64(len(c.Points)-1)*(chartWidth-chartRight-chartLeft)
	}
	y := func(v float64) float64 { return chartTop + (1-v/scale)*(chartHeight-chartBottom-chartTop) }
	fmt.Fprintf(b, `<svg viewBox="0 0 %d %d" role="img" aria-labelledby="%s-title %s-desc"><title id="%s-title">%s</title><desc id="%s-desc">%s</desc>`,
		chartWidth, chartHeight, id, id, id, esc(c.Title), id,
		esc(fmt.Sprintf("From %s on %s to %s on %s. The table below has every point.", dollars(first.Value), first.Day, dollars(last.Value), last.Day)))
	for i := range chartSteps + 1 {
		v := scale * float64(i) / chartSteps
		fmt.Fprintf(b, `<line class="grid" x1="%d" x2="%d" y1="%.1f" y2="%.1f"/><text x="%d" y="%.1f" text-anchor="end">%s</text>`,
			chartLeft, chartWidth-chartRight, y(v), y(v), chartLeft-8, y(v)+4, axis(v, scale))
	}
	fmt.Fprintf(b, `<text x="%d" y="%d">%s</text>`, chartLeft, chartHeight-8, esc(first.Day))
	if len(c.Points) > 1 {
		fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="end">%s</text>`, chartWidth-chartRight, chartHeight-8, esc(last.Day))
	}
	b.WriteString(`<polyline class="line" points="`)
	for i, p := range c.Points {
		fmt.Fprintf(b, "%.1f,%.1f ", x(i), y(p.Value.Float()))
	}
	b.WriteString(`"/>`)
	for i, p := range c.Points {
		if p.Observed {
			fmt.Fprintf(b, `<circle class="dot" cx="%.1f" cy="%.1f" r="2.5"/>`, x(i), y(p.Value.Float()))
		}
	}
	b.WriteString("</svg>\n")
}

// nice is the least round number that is not below v.
func nice(v float64) float64 {
	step := 1.0
	for v > 10*step {
		step *= 10
	}
	for _, n := range []float64{1, 2, 4, 5, 8, 10} {
		if v <= n*step {
			return n * step
		}
	}
	return 10 * step
}

// axis writes an amount of an axis that ends at scale.
func axis(v, scale float64) string {
	if scale < chartSteps*10 {
		return fmt.Sprintf("$%.2f", v)
	}
	return "$" + thousands(fmt.Sprintf("%.0f", v))
}
