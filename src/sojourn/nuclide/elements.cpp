#include "sojourn/nuclide/elements.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace sojourn::nuclide {
namespace {

struct Names {
  std::string_view symbol, name;
};

// in the order of their atomic numbers (IUPAC)
constexpr std::array<Names, 118> kElements{{
    {"H", "hydrogen"},     {"He", "helium"},       {"Li", "lithium"},      {"Be", "beryllium"},
    {"B", "boron"},        {"C", "carbon"},        {"N", "nitrogen"},      {"O", "oxygen"},
    {"F", "fluorine"},     {"Ne", "neon"},         {"Na", "sodium"},       {"Mg", "magnesium"},
    {"Al", "aluminium"},   {"Si", "silicon"},      {"P", "phosphorus"},    {"S", "sulfur"},
    {"Cl", "chlorine"},    {"Ar", "argon"},        {"K", "potassium"},     {"Ca", "calcium"},
    {"Sc", "scandium"},    {"Ti", "titanium"},     {"V", "vanadium"},      {"Cr", "chromium"},
    {"Mn", "manganese"},   {"Fe", "iron"},         {"Co", "cobalt"},       {"Ni", "nickel"},
    {"Cu", "copper"},      {"Zn", "zinc"},         {"Ga", "gallium"},      {"Ge", "germanium"},
    {"As", "arsenic"},     {"Se", "selenium"},     {"Br", "bromine"},      {"Kr", "krypton"},
    {"Rb", "rubidium"},    {"Sr", "strontium"},    {"Y", "yttrium"},       {"Zr", "zirconium"},
    {"Nb", "niobium"},     {"Mo", "molybdenum"},   {"Tc", "technetium"},   {"Ru", "ruthenium"},
    {"Rh", "rhodium"},     {"Pd", "palladium"},    {"Ag", "silver"},       {"Cd", "cadmium"},
    {"In", "indium"},      {"Sn", "tin"},          {"Sb", "antimony"},     {"Te", "tellurium"},
    {"I", "iodine"},       {"Xe", "xenon"},        {"Cs", "caesium"},      {"Ba", "barium"},
    {"La", "lanthanum"},   {"Ce", "cerium"},       {"Pr", "praseodymium"}, {"Nd", "neodymium"},
    {"Pm", "promethium"},  {"Sm", "samarium"},     {"Eu", "europium"},     {"Gd", "gadolinium"},
    {"Tb", "terbium"},     {"Dy", "dysprosium"},   {"Ho", "holmium"},      {"Er", "erbium"},
    {"Tm", "thulium"},     {"Yb", "ytterbium"},    {"Lu", "lutetium"},     {"Hf", "hafnium"},
    {"Ta", "tantalum"},    {"W", "tungsten"},      {"Re", "rhenium"},      {"Os", "osmium"},
    {"Ir", "iridium"},     {"Pt", "platinum"},     {"Au", "gold"},         {"Hg", "mercury"},
    {"Tl", "thallium"},    {"Pb", "lead"},         {"Bi", "bismuth"},      {"Po", "polonium"},
    {"At", "astatine"},    {"Rn", "radon"},        {"Fr", "francium"},     {"Ra", "radium"},
    {"Ac", "actinium"},    {"Th", "thorium"},      {"Pa", "protactinium"}, {"U", "uranium"},
    {"Np", "neptunium"},   {"Pu", "plutonium"},    {"Am", "americium"},    {"Cm", "curium"},
    {"Bk", "berkelium"},   {"Cf", "californium"},  {"Es", "einsteinium"},  {"Fm", "fermium"},
    {"Md", "mendelevium"}, {"No", "nobelium"},     {"Lr", "lawrencium"},   {"Rf", "rutherfordium"},
    {"Db", "dubnium"},     {"Sg", "seaborgium"},   {"Bh", "bohrium"},      {"Hs", "hassium"},
    {"Mt", "meitnerium"},  {"Ds", "darmstadtium"}, {"Rg", "roentgenium"},  {"Cn", "copernicium"},
    {"Nh", "nihonium"},    {"Fl", "flerovium"},    {"Mc", "moscovium"},    {"Lv", "livermorium"},
    {"Ts", "tennessine"},  {"Og", "oganesson"},
}};

// other spellings in use
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kAliases{
    {{"aluminum", "aluminium"}, {"cesium", "caesium"}, {"sulphur", "sulfur"}}};

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

}  // namespace

std::optional<Element> find_element(std::string_view text) {
  std::string wanted = lower(text);
  for (const auto& [alias, name] : kAliases)
    if (wanted == alias) wanted = name;
  for (std::size_t i = 0; i < kElements.size(); ++i)
    if (wanted == kElements[i].name || wanted == lower(kElements[i].symbol))
      return Element{static_cast<int>(i) + 1, kElements[i].symbol};
  return std::nullopt;
}

}  // namespace sojourn::nuclide
