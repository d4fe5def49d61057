#include <fmt/core.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <set>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/catalogue/documents.h"
#include "sojourn/catalogue/entries.h"
#include "sojourn/catalogue/page.h"
#include "sojourn/catalogue/row_tree.h"
#include "sojourn/catalogue/schema.h"
#include "sojourn/cli/command.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/nearest.h"
#include "sojourn/core/tree.h"

namespace sojourn::cli {
namespace {

using catalogue::Entry;
using core::Tree;

struct Options {
  std::string action, id, words, row_class, modality, nuclide;
  std::filesystem::path out;
  bool json = false;
};

Tree texts(const std::vector<std::string>& all) {
  Tree list = Tree::array();
  for (const auto& text : all) list.push(text);
  return list;
}

void print_json(const std::vector<Entry>& rows) {
  Tree list = Tree::array();
  for (const auto& e : rows) {
    Tree one = Tree::table();
    one.set("id", e.id).set("name", e.name).set("class", e.row_class).set("kind", e.kind);
    one.set("modality", e.modality.empty() ? Tree() : Tree(e.modality));
    one.set("nuclide", e.nuclide.empty() ? Tree() : Tree(e.nuclide));
    one.set("inventory", texts(e.inventory)).set("citations", texts(e.citations));
    one.set("assumed_share", e.assumed.fields > 0 ? Tree(e.assumed.share()) : Tree());
    one.set("summary", e.summary);
    list.push(std::move(one));
  }
  Tree all = Tree::table();
  all.set("schema", "sojourn/catalogue-list/1");
  all.set("rows", std::move(list));
  fmt::print("{}", core::to_json(all));
}

void print_table(const std::vector<Entry>& rows) {
  std::size_t widest = 2;
  for (const auto& e : rows) widest = std::max(widest, e.id.size());
  std::string last;
  for (const auto& e : rows) {
    if (e.row_class != last) fmt::print("{}{}\n", last.empty() ? "" : "\n", e.row_class);
    last = e.row_class;
    const bool usable = e.kind == "method" || e.kind == e.row_class;
    fmt::print("  {:<{}}  {:<8} {:<7} {}{}\n", e.id, widest,
               fmt::format("{}", fmt::join(e.inventory, " ")), e.modality,
               usable ? "" : "(" + e.kind + ") ", e.name);
  }
}

int list(const Options& options, std::vector<Entry> rows) {
  const auto drop = [&](const std::string& wanted, auto value) {
    if (wanted.empty()) return;
    std::set<std::string> there;
    for (const auto& e : rows) there.insert(value(e));
    if (!there.contains(wanted)) {
      const std::vector<std::string> known(there.begin(), there.end());
      refuse("no row is of \"{}\"{}", wanted, core::suggestion(wanted, known));
    }
    std::erase_if(rows, [&](const Entry& e) { return value(e) != wanted; });
  };
  drop(options.row_class, [](const Entry& e) { return e.row_class; });
  drop(options.modality, [](const Entry& e) { return e.modality; });
  drop(options.nuclide, [](const Entry& e) { return e.nuclide; });
  if (options.json) {
    print_json(rows);
  } else {
    print_table(rows);
    fmt::print(stderr, "{} rows\n", rows.size());
  }
  return 0;
}

int show(const Options& options) {
  const auto& tables = catalogue::tables();
  const Tree row = catalogue::row_tree(tables, catalogue::find_id(tables, options.id));
  fmt::print("{}", options.json ? core::to_json(row) : catalogue::to_page(row));
  return 0;
}

/// Reads every file, says what is wrong with each, and what share of each row is assumed.
int check(const Options& options) {
  std::vector<std::string> problems;
  const auto tables = catalogue::read_tables(core::data_dir(), problems);
  for (auto* find : {catalogue::cross_reference_problems, catalogue::consistency_problems})
    for (auto& problem : find(tables)) problems.push_back(std::move(problem));
  const auto rows = catalogue::entries(tables);
  if (options.json) {
    print_json(rows);
  } else {
    fmt::print("{:<28} {:<16} {:>7} {:>7} {:>6}\n", "id", "class", "numbers", "assumed", "share");
    for (const auto& e : rows) {
      if (e.assumed.fields == 0) continue;
      fmt::print("{:<28} {:<16} {:>7} {:>7} {:>4.0f} %{}\n", e.id, e.row_class, e.assumed.fields,
                 e.assumed.assumed, 100 * e.assumed.share(),
                 e.assumed.indicative() ? "  indicative" : "");
    }
  }
  for (const auto& problem : problems) fmt::print(stderr, "sojourn: error: {}\n", problem);
  if (!problems.empty()) {
    fmt::print(stderr, "sojourn: {} problem{} in {} rows\n", problems.size(),
               problems.size() == 1 ? "" : "s", rows.size());
    return 2;
  }
  fmt::print(stderr, "{} rows, {} references: in order\n", rows.size(), tables.references.size());
  return 0;
}

int run(const Options& options) {
  if (options.action == "show") return show(options);
  if (options.action == "check") return check(options);
  if (options.action == "schema") {
    fmt::print("{}", core::to_json(catalogue::row_schema()));
    return 0;
  }
  const auto& tables = catalogue::tables();
  if (options.action == "pages") {
    for (const auto& [name, text] : catalogue::documents(tables))
      core::write_file(options.out / name, text);
    return 0;
  }
  auto rows = catalogue::entries(tables);
  if (options.action == "search") {
    rows = catalogue::search(rows, options.words);
    if (rows.empty()) refuse("no row holds \"{}\"; try fewer words", options.words);
  }
  return list(options, std::move(rows));
}

CLI::App* add(CLI::App& app, const std::shared_ptr<Options>& options, const char* name,
              const char* synopsis, const char* example) {
  CLI::App* sub = app.add_subcommand(name, synopsis);
  sub->footer(std::string("Example:\n  sojourn catalogue ") + example);
  sub->callback([options, name] { options->action = name; });
  return sub;
}

void declare_filters(CLI::App& sub, Options& options) {
  sub.add_option("--class", options.row_class, "rows of this class only, as reporter-gene");
  sub.add_option("--modality", options.modality, "rows of this modality only, as PET");
  sub.add_option("--nuclide", options.nuclide, "rows of this nuclide only, as Zr-89");
  sub.add_flag("--json", options.json, "JSON on standard output");
}

}  // namespace

Command catalogue_command() {
  return {
      "catalogue", "Every tracking method, nuclide, cell, target, scanner and model, with sources",
      "sojourn catalogue show zr89-oxine", [](CLI::App& app) {
        auto options = std::make_shared<Options>();
        app.require_subcommand(1);
        declare_filters(*add(app, options, "list", "All rows, by class", "list --class cell"),
                        *options);
        auto* show = add(app, options, "show", "One row, as a page", "show zr89-oxine");
        show->add_option("ID", options->id, "id, nuclide or inventory row, as EX-01")->required();
        show->add_flag("--json", options->json, "JSON on standard output");
        auto* search = add(app, options, "search", "Rows that hold all words", "search cd8 PET");
        search
            ->add_option_function<std::vector<std::string>>(
                "WORDS",
                [options](const std::vector<std::string>& words) {
                  options->words = fmt::format("{}", fmt::join(words, " "));
                },
                "words to find in ids, names and summaries")
            ->required();
        declare_filters(*search, *options);
        auto* check = add(app, options, "check",
                          "Checks every row; prints the share of assumed numbers", "check");
        check->add_flag("--json", options->json, "JSON on standard output");
        auto* pages =
            add(app, options, "pages", "Writes every page as Markdown", "pages -o docs/catalogue");
        pages->add_option("-o,--output", options->out, "folder to write")->required();
        add(app, options, "schema", "Prints the JSON schema of a row", "schema");
        return [options] { return run(*options); };
      }};
}

}  // namespace sojourn::cli
