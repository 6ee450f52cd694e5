#include <hl7flow/adapters/synthetic/generator.h>

#include <algorithm>

#include <hl7flow/adapters/synthetic/context.h>

namespace hl7flow::synthetic {
namespace {

/// Orders that wait are bounded: beyond it the oldest are never resulted, as in life.
constexpr std::size_t waiting_max = 4096;

}  // namespace

Generator::Generator(Options options) : options_(options), random_(options.seed) {}

bool Generator::take(std::vector<Order>& orders, Random& random, Order& taken) {
  if (orders.size() < 16) return false;  // results come some time after their orders
  std::size_t const place = random.below(static_cast<std::uint32_t>(orders.size() / 2));
  taken = orders[place];
  orders.erase(orders.begin() + static_cast<std::ptrdiff_t>(place));
  return true;
}

bool Generator::next(Buffer<char>& out) {
  if (ordinal_ == options_.messages) return false;
  std::uint64_t const second = second_of_message(ordinal_, options_.messages);
  if (options_.mllp) out.push_back('\v');
  std::size_t const begin = out.size();
  Context context{options_.seed, ordinal_,           second, moment_at(second),
                  random_,       SegmentWriter(out), {},     {}};
  context.choose_patient(random_.below(std::max(options_.patients, 1u)), random_.below(4));
  std::uint32_t const kind = random_.below(100);
  if (kind < 38)
    write_adt(context);
  else if (kind < 52)
    write_laboratory_order(context);
  else if (kind < 66)
    write_laboratory_result(context);
  else if (kind < 76)
    write_vital_signs(context);
  else if (kind < 81)
    write_radiology_report(context);
  else if (kind < 85)
    write_prescription(context);
  else if (kind < 89)
    write_administration(context);
  else if (kind < 92)
    write_appointment(context);
  else if (kind < 95)
    write_charge(context);
  else if (kind < 98)
    write_document(context);
  else
    write_immunization(context);
  for (auto* const orders : {&laboratory_orders_, &prescriptions_})
    if (orders->size() > waiting_max)
      orders->erase(orders->begin(), orders->begin() + waiting_max / 4);
  if (options_.defects > 0 &&
      random_.below(1'000'000) < static_cast<std::uint32_t>(options_.defects * 1e6))
    damage(out, begin);
  if (options_.mllp) out.append("\x1c\r", 2);
  ++ordinal_;
  return true;
}

/// Breaks the message at `begin`: two delimiters alike, no header, or an end within MSH-2.
void Generator::damage(Buffer<char>& out, std::size_t begin) {
  switch (random_.below(3)) {
    case 0:
      out[begin + 5] = out[begin + 4];
      break;
    case 1:
      std::memcpy(out.data() + begin, "ZZZ", 3);
      break;
    default:
      out.resize(begin + 4);
      out.push_back('\r');
      break;
  }
}

}  // namespace hl7flow::synthetic
