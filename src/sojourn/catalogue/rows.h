#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sojourn/catalogue/parameters.h"

/// Typed rows of data/catalogue. Ids are file names; lists of ids point to other rows and are
/// checked to exist.
namespace sojourn::catalogue {

/// What every row says of itself.
struct Head {
  std::string id, name;
  std::string row_class;  ///< `class` in the file: ex-vivo-label, reporter-gene, cell, scanner…
  std::vector<std::string> inventory;  ///< rows of the field's method inventory: "EX-01"
  std::vector<std::string> citations;  ///< keys in data/references
  std::string summary;
  std::vector<std::string> strengths, limits;
};

/// What a method does to cells or target: depletes, activates, kills, inert…
struct Effect {
  std::string flag, on, text, citation;
};

/// Uptake of an organ without target cells, as SUV at imaging time.
struct Uptake {
  std::string organ;
  std::string species;  ///< in whom; empty: not said
  Sourced suv;
};

/// What the field reports as detected.
struct PublishedLimit {
  std::string quantity;  ///< cells | cells_per_ml | cells_per_voxel
  double value = 0;
  std::string bound;  ///< about | detected | not-detected
  std::string setting, citation;
};

/// Dose to a subject per administered activity: mSv/MBq for "effective", mGy/MBq for an organ.
struct DoseCoefficient {
  std::string organ, species;
  Sourced coefficient;
};

/// How cells are made visible: data/catalogue/methods/CLASS/ID.toml.
struct Method : Head {
  std::string kind;               ///< method | note | parent | therapy
  std::string modality;           ///< PET | SPECT | MRI | …
  std::vector<std::string> also;  ///< further modalities of the same label
  std::string nuclide;            ///< "Zr-89"; empty where there is none
  std::string vector, target;
  std::vector<std::string> shows;  ///< homing, survival, expansion, function, target
  std::vector<std::string> species, cells, members, needs;
  std::string reason;  ///< why plan and simulate refuse a row that is no method
  MethodParameters parameters;
  std::vector<Effect> effects;
  std::vector<Uptake> uptakes;
  std::vector<PublishedLimit> published_limits;
  std::vector<DoseCoefficient> doses;

  /// The parameters of one class. @throws Error(bad_input) where the row is of another.
  [[nodiscard]] const ExVivoLabel& label() const;
  [[nodiscard]] const ReporterGene& reporter() const;
  [[nodiscard]] const Probe& probe() const;
  template <typename Class>
  [[nodiscard]] const Class* get() const {
    return std::get_if<Class>(&parameters);
  }
  /// Refuses notes, parents and therapies with their reason.
  void must_be_usable() const;
  /// Uptake of an organ in this species, else in one that the row does not name, else in any.
  [[nodiscard]] const Sourced* uptake_of(const std::string& organ,
                                         const std::string& species_wanted) const;
};

struct Marker {
  std::string target;
  Sourced copies;  ///< molecules per cell
};

/// A kind of cell: data/catalogue/cells/ID.toml.
struct Cell : Head {
  bool phagocytic = false;
  std::string parent;            ///< the wider kind that these cells belong to
  std::vector<std::string> kin;  ///< own id, then those of the wider kinds
  std::vector<std::string> aliases;
  CellParameters parameters;
  std::vector<Marker> markers;

  [[nodiscard]] const Marker* marker(const std::string& target) const;
};

/// A molecule that shows cells: data/catalogue/targets/ID.toml.
struct Target : Head {
  std::string role, gene;
  std::vector<std::string> species, endogenous_in, aliases;
  bool engineered = false;
  TargetParameters parameters;
  std::vector<Effect> effects;
};

/// A kind of molecule that carries a nuclide: data/catalogue/vectors/ID.toml.
struct Vector : Head {
  std::string clearing_organ;                ///< liver | kidney
  std::string review_optimum;                ///< days | day | hours | hour | under-an-hour
  std::vector<std::string> review_nuclides;  ///< as the reviews match them
  VectorParameters parameters;
};

/// data/catalogue/scanners/ID.toml.
struct Scanner : Head {
  std::string modality, manufacturer, crystal, collimator;
  std::string reference_nuclide;  ///< that the sensitivity was measured with
  std::vector<std::string> species;
  ScannerParameters parameters;

  template <typename Class>
  [[nodiscard]] const Class* get() const {
    return std::get_if<Class>(&parameters);
  }
};

/// A disease or animal model, or a trial: data/catalogue/models/ID.toml.
struct Model : Head {
  std::vector<std::string> species, cells, methods, targets;
  std::string registry, organ;
  ModelParameters parameters;
};

/// A reference: a row of data/references/SET/*.toml.
struct Reference {
  std::string key, text, doi;
};

}  // namespace sojourn::catalogue
