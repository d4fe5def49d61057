#pragma once
#include <Eigen/Dense>
#include <vector>

namespace sojourn::numerics {

/// A shear that bends axes along parabolas of others: w_k = u_k + sum c (w_i w_j - offset), with
/// factors held within 3.5 sd; where
/// no axis depends on itself, not even through others. It keeps volumes and is undone exactly.
class AxisBend {
 public:
  explicit AxisBend(Eigen::Index axes = 0);

  [[nodiscard]] Eigen::VectorXd bend(const Eigen::VectorXd& u) const;
  [[nodiscard]] Eigen::VectorXd unbend(const Eigen::VectorXd& w) const;

  /// Learns terms from two halves of draws of about unit variance (shape [axes, draws]; the halves
  /// come from different chains): a product w_i w_j enters axis k when both halves show it, with
  /// the same sign, and an axis is bent only when coefficients fitted to one half straighten the
  /// other, both ways.
  static AxisBend learn(const Eigen::MatrixXd& first, const Eigen::MatrixXd& second);

  [[nodiscard]] std::size_t n_terms() const;

 private:
  struct Term {
    Eigen::Index i = 0, j = 0;
    double coefficient = 0, offset = 0;
  };
  struct Found;
  void keep_straighter(Eigen::Index k, const Eigen::MatrixXd& first, const Eigen::MatrixXd& second);
  void fit(Eigen::Index k, const Eigen::MatrixXd& draws);
  [[nodiscard]] double left_over(Eigen::Index k, const Eigen::MatrixXd& draws) const;
  void add_acyclic(const std::vector<Found>& found);

  std::vector<std::vector<Term>> terms_;  ///< of each axis
  std::vector<Eigen::Index> order_;       ///< an axis comes after all that bend it
};

}  // namespace sojourn::numerics
