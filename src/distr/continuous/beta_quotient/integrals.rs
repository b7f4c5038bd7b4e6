//! Tails and densities of the quotient of two beta variables, by the trapezoidal rule.
//!
//! P(X <= r Y) for r <= 1 is an integral over θ = logit Y = logit(X/r), either of Y's density times X's distribution function or of X's
//! density times Y's survival function. Both integrands are positive, analytic where |Im θ| < π, and
//! exponential functions of θ outside the bends at 0 and at -ln(1 - r). There the sum of the rule is a geometric series, so that shapes near 0
//! need no more points than others.

use crate::distr::form::exp;
use crate::scalar::{Scalar, ln_sum_exp, math};
use crate::special::{self, IncBetaTail, UnitPoint};

/// A quotient r in (0, 1].
#[derive(Clone, Copy)]
pub(super) struct Ratio<S> {
    pub value: S,
    pub ln: S,
    /// 1 - r
    pub gap: S,
}

impl<S: Scalar> Ratio<S> {
    /// r = z for z <= 1.
    pub fn new(z: S) -> Self {
        Ratio { value: z, ln: z.ln(), gap: -z + 1.0 }
    }

    /// r = 1/z for z > 1.
    pub fn inverse(z: S) -> Self {
        let value = z.recip();
        Ratio { value, ln: -z.ln(), gap: (z - 1.0) * value }
    }

    /// r = e^ln.
    pub fn from_ln(ln: S) -> Self {
        Ratio { value: ln.exp(), ln, gap: -ln.exp_m1() }
    }

    fn plain(&self) -> Ratio<f64> {
        Ratio { value: self.value.re(), ln: self.ln.re(), gap: self.gap.re() }
    }
}

/// What is integrated.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    /// P(X/Y <= r).
    Below,
    /// P(X/Y > r).
    Above,
    /// The density of ln(X/Y).
    Density,
}

/// The shapes a, b of X and c, d of Y.
#[derive(Clone, Copy)]
pub(super) struct Shapes<S> {
    pub x: [S; 2],
    pub y: [S; 2],
}

/// An integrand at a node: a density and, but for [`Part::Density`], the tail that multiplies it.
struct Node<S> {
    ln_density: S,
    tail: Option<(IncBetaTail<S>, bool)>,
}

impl<S: Scalar> Node<S> {
    fn ln(&self) -> S {
        match self.tail {
            Some((tail, upper)) => self.ln_density + tail.ln_of(upper),
            None => self.ln_density,
        }
    }
}

/// How the tail in an integrand behaves towards an end where the density is an exponential function.
#[derive(Clone, Copy)]
enum Towards<S> {
    /// It has its limit.
    Limit,
    /// It vanishes as an exponential function with this rate.
    Zero(S),
    /// Its complement does.
    One(S),
}

/// Remainders of the rule below this do not count.
const NEGLIGIBLE: f64 = 1e-20;

impl<S: Scalar> Shapes<S> {
    /// Those of 1/Z.
    pub fn swapped(self) -> Self {
        Shapes { x: self.y, y: self.x }
    }

    pub fn plain(&self) -> Shapes<f64> {
        Shapes { x: self.x.map(S::re), y: self.y.map(S::re) }
    }

    /// E[ln(X/Y)]
    pub fn mean_ln(&self) -> S {
        let ([a, b], [c, d]) = (self.x, self.y);
        special::digamma_difference(c, d) - special::digamma_difference(a, b)
    }

    /// ln P(X/Y <= r), or ln P(X/Y > r): from the tail on the same side of the mean of ln(X/Y), which is about the smaller one.
    pub fn ln_tail(&self, r: &Ratio<S>, upper: bool) -> S {
        let beyond = r.ln.re() > self.plain().mean_ln();
        let ln = self.ln_integral(r, if beyond { Part::Above } else { Part::Below });
        if beyond == upper { ln } else { (-exp(ln)).ln_1p() }
    }

    /// ln of the density of ln(X/Y); infinite at r = 1 where b + d <= 1.
    pub fn ln_density(&self, r: &Ratio<S>) -> S {
        if r.gap.re() == 0.0 && self.x[1].re() + self.y[1].re() <= 1.0 {
            return S::from(f64::INFINITY);
        }
        self.ln_integral(r, Part::Density)
    }

    /// The slope of the density p(w) of w = ln(X/Y) and the slope of that, over p, for r < 1.
    pub fn slopes(&self, r: &Ratio<S>) -> [S; 2] {
        let [a, b] = self.x;
        let (_, [density, slope, curvature]) = self.sums(r, Part::Density, |x| {
            // of a ln x + (b - 1) ln(1 - x)
            let odds = x.x.over(x.y);
            let slope = a - (b - 1.0) * odds;
            [S::from(1.0), slope, slope * slope - (b - 1.0) * odds.over(x.y)]
        });
        [slope, curvature].map(|sum| sum.over(density))
    }

    /// y at θ, and x = r y.
    fn at(&self, r: &Ratio<S>, theta: f64) -> (UnitPoint<f64>, UnitPoint<S>) {
        let y = UnitPoint::from_logit(theta);
        let (x, complement) = (r.value * y.x, r.gap + r.value * y.y);
        let ln_complement = if x.re() < 0.5 { (-x).ln_1p() } else { complement.ln() };
        (y, UnitPoint { x, y: complement, ln_x: r.ln + y.ln_x, ln_y: ln_complement })
    }

    /// x and the integrand at θ, over X or over Y.
    fn node(&self, r: &Ratio<S>, part: Part, over_x: bool, theta: f64) -> (UnitPoint<S>, Node<S>) {
        let (y, x) = self.at(r, theta);
        let ([a, b], [c, d]) = (self.x, self.y);
        let constant = UnitPoint { x: S::from(y.x), y: S::from(y.y), ln_x: S::from(y.ln_x), ln_y: S::from(y.ln_y) };
        let of_x = || special::ln_beta_density(a, b, x) - x.ln_y;
        let of_y = || special::ln_beta_density(c, d, constant);
        let node = match (part, over_x) {
            (Part::Density, _) => Node { ln_density: of_x() + of_y(), tail: None },
            (_, true) => {
                Node { ln_density: of_x() + y.ln_y, tail: Some((special::inc_beta_tail(c, d, y), part == Part::Below)) }
            }
            (_, false) => {
                Node { ln_density: of_y(), tail: Some((special::inc_beta_tail(a, b, x), part == Part::Above)) }
            }
        };
        (x, node)
    }

    /// ln of an integral.
    fn ln_integral(&self, r: &Ratio<S>, part: Part) -> S {
        let (scale, [sum]) = self.sums(r, part, |_| [S::from(1.0)]);
        let ln = sum.ln() + scale;
        // X beyond r, whatever Y
        if part == Part::Above && self.plain().is_over_x() && r.gap.re() > 0.0 {
            let x = UnitPoint { x: r.value, y: r.gap, ln_x: r.ln, ln_y: r.gap.ln() };
            let beyond = special::inc_beta_tail(self.x[0], self.x[1], x).ln_of(true);
            return ln_sum_exp(&[ln, beyond]);
        }
        ln
    }

    /// Integrals of an integrand with weights that depend on x and go to constants, as multiples of e^scale.
    fn sums<const K: usize>(
        &self,
        r: &Ratio<S>,
        part: Part,
        weights: impl Fn(UnitPoint<S>) -> [S; K],
    ) -> (f64, [S; K]) {
        let plain = self.plain();
        let over_x = plain.is_over_x();
        let (ratio, [low, high]) = (r.plain(), plain.bends(r.gap.re()));
        let middle = plain.mode(&ratio, part, over_x, [low, high]);
        let h = plain.step(&ratio, part, over_x, middle);
        let scale = plain.node(&ratio, part, over_x, middle).1.ln();
        let (mut sums, mut sum) = ([S::from(0.0); K], 0.0);
        for (sign, start, end) in [(1.0, 0, high), (-1.0, 1, low)] {
            let (rate, towards) = self.end(r, part, over_x, sign > 0.0);
            let total = match towards {
                Towards::Zero(other) => rate + other,
                _ => rate,
            };
            let decay = 1.0 / math::exp_m1(total.re() * h);
            let (mut k, mut last) = (start, f64::NAN);
            loop {
                let theta = middle + sign * f64::from(k) * h;
                let (x, node) = self.node(r, part, over_x, theta);
                let term = exp(node.ln() - scale);
                let mut add = |term: S| {
                    for (sum, weight) in sums.iter_mut().zip(weights(x)) {
                        *sum += term * weight;
                    }
                };
                add(term);
                sum += term.re();
                let fall = term.re() / (last - term.re());
                if fall >= 0.0 && fall.max(decay) * term.re() < NEGLIGIBLE * sum {
                    break;
                }
                if sign * (theta + sign * h - end) > 0.0 {
                    add(geometric(term, &node, scale, h, rate, towards));
                    break;
                }
                last = term.re();
                k += 1;
            }
        }
        (scale + math::ln(h), sums)
    }

    /// The rate at which the density in an integrand falls towards an end of the line, and what its tail does there.
    fn end(&self, r: &Ratio<S>, part: Part, over_x: bool, right: bool) -> (S, Towards<S>) {
        let ([a, b], [c, d]) = (self.x, self.y);
        let at_one = r.gap.re() == 0.0;
        let one = S::from(1.0);
        match (part, over_x, right) {
            (Part::Density, _, false) => (a + c, Towards::Limit),
            (Part::Density, _, true) => (if at_one { b + d - 1.0 } else { d }, Towards::Limit),
            (Part::Below, false, false) => (c, Towards::Zero(a)),
            (Part::Above, false, false) => (c, Towards::One(a)),
            (Part::Below, true, false) => (a, Towards::One(c)),
            (Part::Above, true, false) => (a, Towards::Zero(c)),
            (Part::Below, false, true) => (d, if at_one { Towards::One(b) } else { Towards::Limit }),
            (Part::Above, false, true) => (d, if at_one { Towards::Zero(b) } else { Towards::Limit }),
            (Part::Below, true, true) => (if at_one { b } else { one }, Towards::Zero(d)),
            (Part::Above, true, true) => (if at_one { b } else { one }, Towards::One(d)),
        }
    }
}

/// The sum of an integrand over the nodes beyond the last one, of which `term` is the value.
fn geometric<S: Scalar>(term: S, node: &Node<S>, scale: f64, h: f64, rate: S, towards: Towards<S>) -> S {
    // Σ e^(-rate h k) over k = 1, 2, ...
    let fall = |rate: S| -(-(rate * h)).exp_m1();
    let series = |rate: S| exp(-(rate * h)).over(fall(rate));
    match (towards, node.tail) {
        (Towards::Zero(other), _) => term * series(rate + other),
        (Towards::One(other), Some((tail, upper))) => {
            let rest = exp(node.ln_density + tail.ln_of(!upper) - scale);
            // series(rate) - series(rate + other)
            let difference = series(rate) * fall(other).over(fall(rate + other));
            term * series(rate) + rest * difference
        }
        _ => term * series(rate),
    }
}

impl Shapes<f64> {
    /// Whether to integrate over X: where the one varies some times as much as the other over the narrower, for the fewer points; else over the wider,
    /// of which the other's tail is a step, so that derivatives in the shapes of neither are small differences.
    fn is_over_x(&self) -> bool {
        let spread = |shapes: [f64; 2]| shapes.iter().map(|s| (1.0 + 0.5 / s) / s).sum::<f64>();
        let (x, y) = (spread(self.x), spread(self.y));
        if x > y { x < 16.0 * y } else { y > 16.0 * x }
    }

    /// An interval outside of which all integrands are exponential functions to all digits.
    fn bends(&self, gap: f64) -> [f64; 2] {
        let reach = 40.0 + math::ln(1.0 + self.x[0] + self.x[1] + self.y[0] + self.y[1]);
        [-reach, reach - if gap > 0.0 { math::ln(gap) } else { 0.0 }]
    }

    /// Where an integrand is largest, to a part of its width.
    fn mode(&self, r: &Ratio<f64>, part: Part, over_x: bool, [mut low, mut high]: [f64; 2]) -> f64 {
        loop {
            let middle = 0.5 * (low + high);
            let slope = self.slope(r, part, over_x, middle);
            if slope > 0.0 {
                low = middle;
            } else {
                high = middle;
            }
            if high - low <= 0.5 / math::sqrt(1.0 + self.curvatures(r, middle).into_iter().sum::<f64>()) {
                return 0.5 * (low + high);
            }
        }
    }

    /// The slope of the logarithm of an integrand.
    fn slope(&self, r: &Ratio<f64>, part: Part, over_x: bool, theta: f64) -> f64 {
        let (y, x) = self.at(r, theta);
        let ([a, b], [c, d]) = (self.x, self.y);
        // d logit x/dθ
        let k = y.y / x.y;
        let of_x = k * (a - (a + b - 1.0) * x.x);
        let of_y = c - (c + d) * y.x;
        let tail = |tail: IncBetaTail<f64>, upper: bool| {
            let size = if tail.upper == upper { 1.0 } else { 1.0 / math::exp_m1(-tail.ln) };
            if upper { -size / tail.mills } else { size / tail.mills }
        };
        match (part, over_x) {
            (Part::Density, _) => of_x + of_y,
            (_, true) => of_x - y.x + tail(special::inc_beta_tail(c, d, y), part == Part::Below),
            (_, false) => of_y + k * tail(special::inc_beta_tail(a, b, x), part == Part::Above),
        }
    }

    /// The sizes of the second derivatives in θ of ln[x^a (1 - x)^b] and ln[y^c (1 - y)^d], which bound what those grow by off the real line.
    fn curvatures(&self, r: &Ratio<f64>, theta: f64) -> [f64; 2] {
        let (y, x) = self.at(r, theta);
        let ([a, b], [c, d]) = (self.x, self.y);
        let slope = x.x * y.y / x.y;
        [a * y.x * y.y + b * slope * (y.y - y.x + slope).abs(), (c + d) * y.x * y.y]
    }

    /// The step of the rule. With 1/2 over the root of the curvature it leaves e^-79 of a Gaussian function, and with 1/2 over that of 4 more e^-40 of the
    /// density of the logarithm of a gamma variable. A tail counts as far as its complement does.
    fn step(&self, r: &Ratio<f64>, part: Part, over_x: bool, middle: f64) -> f64 {
        let curvatures = |theta: f64| {
            let [x, y] = self.curvatures(r, theta);
            if over_x { [x, y] } else { [y, x] }
        };
        let [of_density, of_tail] = curvatures(middle);
        let mut curvature = of_density;
        let width = 1.0 / math::sqrt(1.0 + if part == Part::Density { of_density + of_tail } else { of_density });
        for t in [-5.0, -3.0, -1.0, 0.0, 1.0, 3.0, 5.0] {
            let theta = middle + t * width;
            let [of_density, of_tail] = curvatures(theta);
            if t.abs() <= 1.0 {
                curvature = curvature.max(of_density);
            }
            let complement = match self.node(r, part, over_x, theta).1.tail {
                Some((tail, upper)) => tail.ln_of(!upper),
                None => 0.0,
            };
            let counts = (40.0 - 0.5 * t * t + complement).max(0.0) / 79.0;
            curvature = curvature.max(of_density.min(curvature) + counts * of_tail);
        }
        0.5 / math::sqrt(4.0 + curvature)
    }
}
