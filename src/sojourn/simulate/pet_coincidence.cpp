#include "sojourn/simulate/pet_coincidence.h"

#include <algorithm>
#include <cmath>

namespace sojourn::simulate {
namespace {

using records::ListModeEvent;

/// Earlier first; equal times by crystal and decay, so that the order never depends on the sort.
bool earlier(const Hit& a, const Hit& b) {
  if (a.time_ns != b.time_ns) return a.time_ns < b.time_ns;
  if (a.decay != b.decay) return a.decay < b.decay;
  return a.crystal < b.crystal;
}

bool in_view(const Hit& a, const Hit& b, const PetScanner& s) {
  const auto& g = s.geometry;
  if (std::abs(g.ring_of(a.crystal) - g.ring_of(b.crystal)) > s.most_ring_difference) return false;
  const auto p = g.point_mm(a.crystal, 0), q = g.point_mm(b.crystal, 0);
  const double dx = q[0] - p[0], dy = q[1] - p[1], length = std::hypot(dx, dy);
  // distance of the line from the axis
  return length > 0 && std::abs(p[0] * dy - p[1] * dx) <= s.field_of_view_mm / 2 * length;
}

std::uint8_t energy_code(float kev) {
  return static_cast<std::uint8_t>(
      std::clamp(kev / static_cast<float>(records::kListModeEnergyKev) + 0.5F, 0.0F, 255.0F));
}

ListModeEvent event_of(const Hit& a, const Hit& b, double time_unit_ns, double delay_ns,
                       bool keeps_tof) {
  ListModeEvent e;
  e.crystal_a = a.crystal, e.crystal_b = b.crystal;
  e.energy_a = energy_code(a.energy_kev), e.energy_b = energy_code(b.energy_kev);
  if (keeps_tof)
    e.tof_ps = static_cast<std::int16_t>(
        std::clamp(std::lround((a.time_ns - b.time_ns + delay_ns) * 1000), -32767L, 32767L));
  e.time = static_cast<std::uint32_t>(std::max(a.time_ns, 0.0) / time_unit_ns);
  e.flags = static_cast<std::uint8_t>(a.flags | b.flags);
  if (a.decay != b.decay || ((a.flags ^ b.flags) & records::kCrystalBackground) != 0)
    e.flags |= records::kRandom;
  return e;
}

void count(const ListModeEvent& e, PetCounts& c) {
  ++c.prompts;
  if ((e.flags & records::kPiledUp) != 0)
    ++c.mixed;
  else if ((e.flags & records::kRandom) != 0)
    ++c.randoms;
  else if ((e.flags & records::kCrystalBackground) != 0)
    ++c.background;
  else if ((e.flags & records::kGamma) != 0)
    ++c.gamma;
  else if ((e.flags & records::kScatteredInSubject) != 0)
    ++c.scattered;
  else
    ++c.trues;
}

/// The pair in an order that says nothing of which came first.
void emit(const Hit& a, const Hit& b, const PetScanner& s, double time_unit_ns,
          std::vector<ListModeEvent>& events, PetCounts& counts) {
  if (!in_view(a, b, s)) {
    ++counts.out_of_view;
    return;
  }
  const bool swap = a.crystal < b.crystal;
  events.push_back(event_of(swap ? b : a, swap ? a : b, time_unit_ns, 0, s.keeps_time_of_flight));
  count(events.back(), counts);
}

/// Singles paired with those of a later time under the very rules of the prompts: the later ones
/// are shifted back and mixed in, and windows that hold one of each count, where the unshifted came
/// first (either order would count twice).
void pair_delayed(const std::vector<Hit>& singles, const PetScanner& s, double delay_ns,
                  double time_unit_ns, std::vector<ListModeEvent>& events, PetCounts& counts) {
  struct Mixed {
    double time_ns;
    std::size_t index;
    bool shifted;
  };
  std::vector<Mixed> mixed;
  mixed.reserve(2 * singles.size());
  std::size_t later = 0;
  while (later < singles.size() && singles[later].time_ns < delay_ns) ++later;
  for (std::size_t i = 0; i < singles.size(); ++i) {
    for (; later < singles.size() && singles[later].time_ns - delay_ns < singles[i].time_ns;
         ++later)
      mixed.push_back({singles[later].time_ns - delay_ns, later, true});
    mixed.push_back({singles[i].time_ns, i, false});
  }
  for (std::size_t i = 0; i < mixed.size();) {
    std::size_t end = i + 1;
    while (end < mixed.size() && mixed[end].time_ns - mixed[i].time_ns < s.window_ns / 2) ++end;
    if (end - i == 2 && !mixed[i].shifted && mixed[i + 1].shifted) {
      const Hit &a = singles[mixed[i].index], &b = singles[mixed[i + 1].index];
      if (in_view(a, b, s)) {
        const bool swap = a.crystal < b.crystal;
        events.push_back(event_of(swap ? b : a, swap ? a : b, time_unit_ns,
                                  swap ? -delay_ns : delay_ns, s.keeps_time_of_flight));
        events.back().flags |= records::kDelayed;
        ++counts.delayed;
      }
    }
    i = end;
  }
}

}  // namespace

PetCounts& PetCounts::operator+=(const PetCounts& o) {
  decays += o.decays, background_decays += o.background_decays, hits += o.hits;
  piled_up += o.piled_up, lost_dead += o.lost_dead, singles += o.singles;
  multiples += o.multiples, out_of_view += o.out_of_view, prompts += o.prompts;
  trues += o.trues, scattered += o.scattered, randoms += o.randoms, gamma += o.gamma;
  background += o.background, mixed += o.mixed, delayed += o.delayed;
  return *this;
}

std::vector<Hit> block_singles(std::vector<Hit>& hits, const PetScanner& s, PetCounts& counts) {
  std::sort(hits.begin(), hits.end(), earlier);
  counts.hits += hits.size();
  constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::vector<std::size_t> last(static_cast<std::size_t>(s.blocks()), kNone);  // accepted hit
  std::vector<Hit> accepted;
  accepted.reserve(hits.size());
  for (const auto& h : hits) {
    auto& open = last[h.block];
    if (open != kNone) {
      Hit& before = accepted[open];
      const double since = h.time_ns - before.time_ns;
      if (since < s.integration_ns) {
        ++counts.piled_up;
        // the stronger light says where and whose; the sum says how much
        if (h.energy_kev > before.energy_kev)
          before.crystal = h.crystal, before.decay = h.decay, before.flags = h.flags;
        before.energy_kev += h.energy_kev;
        before.flags |= records::kPiledUp;
        continue;
      }
      if (since < s.block_dead_time_ns) {
        ++counts.lost_dead;
        continue;
      }
    }
    open = accepted.size();
    accepted.push_back(h);
  }
  const auto outside = [&](const Hit& h) {
    return h.energy_kev < static_cast<float>(s.energy_low_kev) ||
           h.energy_kev > static_cast<float>(s.energy_high_kev);
  };
  accepted.erase(std::remove_if(accepted.begin(), accepted.end(), outside), accepted.end());
  counts.singles += accepted.size();
  return accepted;
}

void pair_singles(const std::vector<Hit>& singles, const PetScanner& s, double delay_ns,
                  double time_unit_ns, std::vector<ListModeEvent>& events, PetCounts& counts) {
  const double half = s.window_ns / 2;
  for (std::size_t i = 0; i < singles.size();) {
    std::size_t end = i + 1;
    while (end < singles.size() && singles[end].time_ns - singles[i].time_ns < half) ++end;
    const std::size_t many = end - i;
    if (many == 2) {
      emit(singles[i], singles[i + 1], s, time_unit_ns, events, counts);
    } else if (many > 2) {
      ++counts.multiples;
      if (s.multiples == Multiples::take_pairs)
        for (std::size_t a = i; a < end; ++a)
          for (std::size_t b = a + 1; b < end; ++b)
            emit(singles[a], singles[b], s, time_unit_ns, events, counts);
    }
    i = end;
  }
  if (delay_ns > 0) pair_delayed(singles, s, delay_ns, time_unit_ns, events, counts);
}

}  // namespace sojourn::simulate
