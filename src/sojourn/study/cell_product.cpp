#include "sojourn/study/cell_product.h"

#include "sojourn/core/error.h"

namespace sojourn::study {
namespace {

using core::Tree;

/// One list of fields for both directions, as in scan_product.cpp.
class Writer {
 public:
  explicit Writer(Tree& tree) : tree_(&tree) {}
  template <typename T>
  void operator()(const char* key, const T& value) {
    tree_->set(key, Tree(value));
  }
  template <typename T>
  void operator()(const char* key, const std::vector<T>& values) {
    Tree all = Tree::array();
    for (const auto& value : values) all.push(Tree(value));
    tree_->set(key, std::move(all));
  }

 private:
  Tree* tree_;
};

class Reader {
 public:
  explicit Reader(const Tree& tree) : tree_(&tree) {}
  template <typename T>
  void operator()(const char* key, T& value) {
    const Tree* found = tree_->find(key);
    if (found == nullptr) refuse("no {}", key);
    convert(*found, value);
  }

 private:
  static void convert(const Tree& t, double& v) { v = t.number(); }
  static void convert(const Tree& t, int& v) { v = static_cast<int>(t.integer()); }
  static void convert(const Tree& t, bool& v) { v = t.boolean(); }
  static void convert(const Tree& t, std::string& v) { v = t.text(); }
  static void convert(const Tree& t, std::optional<double>& v) {
    if (t.is_null())
      v.reset();
    else
      v = t.number();
  }
  template <typename T>
  static void convert(const Tree& t, std::vector<T>& v) {
    v.clear();
    for (const auto& item : t.items()) convert(item, v.emplace_back());
  }
  const Tree* tree_;
};

template <typename Io, typename Row>
void fields(Io&& io, Row& r) requires requires {
  r.cells_naive;
}
{
  io("scan", r.scan), io("hours", r.hours), io("region", r.region), io("cells", r.cells);
  io("lo95", r.cells_lo95), io("hi95", r.cells_hi95), io("naive", r.cells_naive);
  io("detection_limit", r.detection_limit_cells);
  io("above_limit", r.probability_above_limit), io("live_fraction", r.live_label_fraction);
  io("label_per_cell", r.label_per_live_cell_bq), io("expansion", r.expansion);
}

template <typename Io, typename Parameter>
void fields(Io&& io, Parameter& p) requires requires {
  p.prior_median;
}
{
  io("name", p.name), io("prior_median", p.prior_median), io("prior_lo95", p.prior_lo95);
  io("prior_hi95", p.prior_hi95), io("median", p.median), io("lo95", p.lo95);
  io("hi95", p.hi95), io("as_prior", p.as_prior);
}

template <typename Io, typename Summary>
void fields(Io&& io, Summary& s) requires requires {
  s.highest_r_hat;
}
{
  io("converged", s.converged), io("message", s.message), io("r_hat", s.highest_r_hat);
  io("effective", s.lowest_effective), io("predictive_p", s.predictive_p);
  io("bone_free", s.bone_free), io("marrow_cells", s.marrow_cells);
}

template <typename T>
Tree list(const std::vector<T>& all) {
  Tree t = Tree::array();
  for (const auto& one : all) {
    Tree item = Tree::table();
    fields(Writer(item), one);
    t.push(std::move(item));
  }
  return t;
}

template <typename T>
std::vector<T> listed(const Tree& tree, const char* key) {
  const Tree* found = tree.find(key);
  if (found == nullptr) refuse("no {}", key);
  std::vector<T> all;
  for (const auto& item : found->items()) fields(Reader(item), all.emplace_back());
  return all;
}

}  // namespace

Tree to_tree(const fate::CountResult& result) {
  Tree t = Tree::table();
  Writer io(t);
  io("model", result.model), io("citations", result.citations), io("warnings", result.warnings);
  Tree parameters = Tree::table();
  for (const auto& [name, value] : result.parameters) parameters.set(name, value);
  t.set("parameters", std::move(parameters)).set("rows", list(result.rows));
  if (!result.posterior) return t;
  Tree posterior = Tree::table();
  fields(Writer(posterior), *result.posterior);
  posterior.set("parameters", list(result.posterior->parameters));
  return t.set("posterior", std::move(posterior));
}

std::optional<fate::CountResult> count_from(const Tree& tree) {
  try {
    fate::CountResult result;
    Reader io(tree);
    io("model", result.model), io("citations", result.citations), io("warnings", result.warnings);
    const Tree* parameters = tree.find("parameters");
    if (parameters == nullptr) return std::nullopt;
    for (const auto& [name, value] : parameters->members())
      result.parameters.emplace_back(name, value.number());
    result.rows = listed<records::CellEstimate>(tree, "rows");
    if (const Tree* posterior = tree.find("posterior")) {
      result.posterior.emplace();
      fields(Reader(*posterior), *result.posterior);
      result.posterior->parameters = listed<records::PosteriorParameter>(*posterior, "parameters");
    }
    return result;
  } catch (const std::exception&) {  // of another version, or damaged: counted again
    return std::nullopt;
  }
}

}  // namespace sojourn::study
