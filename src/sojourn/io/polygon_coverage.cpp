#include "sojourn/io/polygon_coverage.h"

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"

namespace sojourn::io {
namespace {

/// An edge that is not level, from its lower to its upper end in y.
struct Edge {
  double x0, y0, x1, y1;
  [[nodiscard]] double x_at(double y) const {
    if (y <= y0) return x0;
    if (y >= y1) return x1;
    return x0 + (x1 - x0) * ((y - y0) / (y1 - y0));
  }
};

/// An edge between two levels that no other edge crosses there.
struct Piece {
  double x0, x1;  ///< at the lower and the upper level
};

std::vector<Edge> edges_of(std::span<const Ring> rings) {
  std::vector<Edge> edges;
  for (const Ring& ring : rings) {
    for (std::size_t n = 0; n < ring.size(); ++n) {
      const PlanePoint a = ring[n], b = ring[n + 1 == ring.size() ? 0 : n + 1];
      if (a.y < b.y) edges.push_back({a.x, a.y, b.x, b.y});
      if (b.y < a.y) edges.push_back({b.x, b.y, a.x, a.y});
    }
  }
  std::sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) { return a.y0 < b.y0; });
  return edges;
}

/// Running sums over a pixel row: after the row is done, the prefix sum at i is the covered part of
/// pixel i.
class RowSums {
 public:
  explicit RowSums(int width) : width_(width), sums_(static_cast<std::size_t>(width) + 2, 0.0) {}

  void clear() { std::fill(sums_.begin(), sums_.end(), 0.0); }

  /// Adds `sign` x the part of each pixel that lies right of the piece, whose height is `dy`.
  void add(Piece piece, double dy, double sign) {
    const double lo = std::min(piece.x0, piece.x1), hi = std::max(piece.x0, piece.x1);
    if (lo >= width_) return;
    if (hi - lo < 1e-12) return add_inside(std::clamp(lo, 0.0, 1.0 * width_), dy * sign, lo);
    // Parts left of the grid cover every pixel of the row, parts right of it none.
    const double per_x = dy / (hi - lo);
    if (lo < 0) sums_[0] += sign * per_x * (std::min(hi, 0.0) - lo);
    const double from = std::max(lo, 0.0), to = std::min(hi, 1.0 * width_);
    if (to > from) add_slope(from, to, sign * per_x);
  }

  void flush(float weight, std::span<float> row) const {
    double covered = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
      covered += sums_[i];
      row[i] += weight * static_cast<float>(std::clamp(covered, 0.0, 1.0));
    }
  }

 private:
  void add_inside(double x, double height, double unclamped) {
    if (unclamped <= 0) {
      sums_[0] += height;
      return;
    }
    const auto i = static_cast<std::size_t>(x);
    const double right_part = 1.0 - (x - std::floor(x));
    sums_[i] += height * right_part;
    sums_[i + 1] += height * (1.0 - right_part);
  }

  /// A piece from x = from to x = to inside the row, gaining `per_x` of height per pixel of x.
  void add_slope(double from, double to, double per_x) {
    const int last = std::min(static_cast<int>(std::ceil(to)) - 1, width_ - 1);
    for (int i = static_cast<int>(from); i <= last; ++i) {
      const double a = std::max(from, 1.0 * i), b = std::min(to, i + 1.0);
      if (b <= a) continue;
      const double height = per_x * (b - a);
      const double right_part =
          1.0 - (0.5 * (a + b) - i);  // mean over the piece: exact, x is linear in y
      sums_[static_cast<std::size_t>(i)] += height * right_part;
      sums_[static_cast<std::size_t>(i) + 1] += height * (1.0 - right_part);
    }
  }

  int width_;
  std::vector<double> sums_;
};

[[noreturn]] void refuse_intricate();

class Sweep {
 public:
  Sweep(std::span<const Ring> rings, int width, CoverageBudget& budget)
      : edges_(edges_of(rings)), sums_(width), budget_(budget) {}

  void row(int j, float weight, std::span<float> out) {
    const double bottom = j, top = j + 1.0;
    std::erase_if(active_, [&](std::size_t e) { return edges_[e].y1 <= bottom; });
    for (; next_ < edges_.size() && edges_[next_].y0 < top; ++next_) {
      if (edges_[next_].y1 > bottom) active_.push_back(next_);
    }
    if (active_.empty()) return;
    levels_ = {bottom, top};
    for (const std::size_t e : active_) {
      for (const double y : {edges_[e].y0, edges_[e].y1}) {
        if (y > bottom && y < top) levels_.push_back(y);
      }
    }
    std::sort(levels_.begin(), levels_.end());
    levels_.erase(std::unique(levels_.begin(), levels_.end()), levels_.end());
    sums_.clear();
    for (std::size_t n = 0; n + 1 < levels_.size(); ++n) strip(levels_[n], levels_[n + 1]);
    sums_.flush(weight, out);
  }

 private:
  /// The strip between two levels: no vertex inside, but edges may cross.
  void strip(double y0, double y1) {
    spend(active_.size());
    crossing_.clear();
    for (const std::size_t e : active_) {
      if (edges_[e].y0 < y1 && edges_[e].y1 > y0) {
        crossing_.push_back({edges_[e].x_at(y0), edges_[e].x_at(y1)});
      }
    }
    std::vector<double> cuts = crossings(y0, y1);
    if (cuts.empty()) return trapezoids(crossing_, y1 - y0);
    cuts.push_back(1.0);
    const std::vector<Piece> whole = crossing_;
    double from = 0;
    for (const double to : cuts) {
      if (to <= from) continue;
      spend(whole.size());
      std::vector<Piece> part;
      for (const Piece& p : whole) {
        part.push_back({p.x0 + (p.x1 - p.x0) * from, p.x0 + (p.x1 - p.x0) * to});
      }
      trapezoids(part, (to - from) * (y1 - y0));
      from = to;
    }
  }

  /// Where edges cross within the strip, as sorted fractions of its height.
  std::vector<double> crossings(double y0, double y1) {
    std::sort(crossing_.begin(), crossing_.end(), [](const Piece& a, const Piece& b) {
      return a.x0 < b.x0 || (a.x0 == b.x0 && a.x1 < b.x1);
    });
    std::vector<double> cuts;
    const bool ordered = std::is_sorted(crossing_.begin(), crossing_.end(),
                                        [](const Piece& a, const Piece& b) { return a.x1 < b.x1; });
    if (ordered || y1 <= y0) return cuts;
    spend(crossing_.size() * crossing_.size() / 2);
    for (std::size_t a = 0; a < crossing_.size(); ++a) {
      for (std::size_t b = a + 1; b < crossing_.size(); ++b) {
        const double before = crossing_[b].x0 - crossing_[a].x0;
        const double after = crossing_[b].x1 - crossing_[a].x1;
        if (before > 0 && after < 0) cuts.push_back(before / (before - after));
      }
    }
    spend(cuts.size());
    std::sort(cuts.begin(), cuts.end());
    return cuts;
  }

  /// Even-odd: the strip between the first and the second edge is inside, and so on.
  void trapezoids(std::vector<Piece>& pieces, double dy) {
    std::sort(pieces.begin(), pieces.end(),
              [](const Piece& a, const Piece& b) { return a.x0 + a.x1 < b.x0 + b.x1; });
    double sign = 1;
    for (const Piece& piece : pieces) {
      sums_.add(piece, dy, sign);
      sign = -sign;
    }
  }

  void spend(std::uint64_t pieces) {
    if (pieces > budget_.left) refuse_intricate();
    budget_.left -= pieces;
  }

  std::vector<Edge> edges_;
  std::size_t next_ = 0;
  std::vector<std::size_t> active_;
  std::vector<double> levels_;
  std::vector<Piece> crossing_;
  RowSums sums_;
  CoverageBudget& budget_;
};

void check_shape(std::span<const Ring> rings, int width, int height, std::span<float> coverage) {
  SOJOURN_EXPECT(width >= 0 && height >= 0);
  SOJOURN_EXPECT(coverage.size() ==
                 static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  for (const Ring& ring : rings) {
    for (const PlanePoint& p : ring) SOJOURN_EXPECT(std::isfinite(p.x) && std::isfinite(p.y));
  }
}

[[noreturn]] void refuse_intricate() {
  refuse(
      "the contours cross the image rows too often (more than any outline of an organ); "
      "simplify them in the program that drew them");
}

}  // namespace

double ring_area(const Ring& ring) {
  if (ring.empty()) return 0;
  double twice = 0;
  const PlanePoint o = ring.front();  // differences keep the digits of far-away contours
  for (std::size_t n = 0; n < ring.size(); ++n) {
    const PlanePoint a = ring[n], b = ring[n + 1 == ring.size() ? 0 : n + 1];
    twice += (a.x - o.x) * (b.y - o.y) - (b.x - o.x) * (a.y - o.y);
  }
  return std::abs(twice) / 2;
}

void add_coverage(std::span<const Ring> rings, int width, int height, float weight,
                  std::span<float> coverage, CoverageBudget& budget) {
  check_shape(rings, width, height, coverage);
  const auto row_size = static_cast<std::size_t>(width);
  Sweep sweep(rings, width, budget);
  for (int j = 0; j < height; ++j) {
    sweep.row(j, weight, coverage.subspan(static_cast<std::size_t>(j) * row_size, row_size));
  }
}

void add_centres(std::span<const Ring> rings, int width, int height, float weight,
                 std::span<float> coverage, CoverageBudget& budget) {
  check_shape(rings, width, height, coverage);
  std::vector<std::vector<double>> crossings(static_cast<std::size_t>(height));
  for (const Edge& edge : edges_of(rings)) {
    // Rows whose centre lies in [y0, y1): each vertex belongs to one of its two edges.
    const double first = std::max(0.0, std::ceil(edge.y0 - 0.5));
    const double end = std::min(static_cast<double>(height), std::ceil(edge.y1 - 0.5));
    if (end <= first) continue;
    if (end - first > static_cast<double>(budget.left)) refuse_intricate();
    budget.left -= static_cast<std::uint64_t>(end - first);
    for (int j = static_cast<int>(first); j < static_cast<int>(end); ++j) {
      crossings[static_cast<std::size_t>(j)].push_back(edge.x_at(j + 0.5));
    }
  }
  for (std::size_t j = 0; j < crossings.size(); ++j) {
    std::sort(crossings[j].begin(), crossings[j].end());
    float* row = coverage.data() + j * static_cast<std::size_t>(width);
    for (std::size_t n = 0; n + 1 < crossings[j].size(); n += 2) {
      const double from = std::clamp(std::ceil(crossings[j][n] - 0.5), 0.0, 1.0 * width);
      const double to = std::clamp(std::ceil(crossings[j][n + 1] - 0.5), 0.0, 1.0 * width);
      for (int i = static_cast<int>(from); i < static_cast<int>(to); ++i) row[i] += weight;
    }
  }
}

}  // namespace sojourn::io
