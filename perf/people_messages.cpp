// The records of find_or_create_perf as ADT messages.
// Usage: people_messages KNOWN ARRIVALS KNOWN_FILE ARRIVALS_FILE

#include <cstdio>
#include <cstdlib>
#include <memory>

#include "perf/people_world.h"

namespace {

using namespace hl7flow::perf;
using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

bool write_message(std::FILE* file, std::uint64_t record, const Described& one) {
  auto const number = static_cast<unsigned long long>(record);
  return std::fprintf(
             file,
             "MSH|^~\\&|ADT|HOSP|HL7FLOW|PERF|20240301120000||ADT^A04^ADT_A01|%llu|P|2.5.1\r"
             "EVN|A04|20240301120000\rPID|1||%llu^^^HOSP^MR||%s^%s||%s|%s|||%s^^^^%s||%s"
             "||||||%s\rPV1|1|O\r",
             number, number, one.family.c_str(), one.given.c_str(), one.born.c_str(),
             one.sex.c_str(), one.address.c_str(), one.postcode.c_str(), one.phone.c_str(),
             one.identifier.c_str()) > 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5)
    return std::fputs("usage: people_messages KNOWN ARRIVALS KNOWN_FILE ARRIVALS_FILE\n", stderr),
           2;
  std::uint64_t const known = std::strtoull(argv[1], nullptr, 10);
  std::uint64_t const count = std::strtoull(argv[2], nullptr, 10);
  File const known_file(std::fopen(argv[3], "wb"), &std::fclose);
  File const arrivals_file(std::fopen(argv[4], "wb"), &std::fclose);
  if (!known_file || !arrivals_file) return std::fputs("cannot write\n", stderr), 1;
  World const world;
  for (std::uint64_t k = 0; k < known; ++k)
    if (!write_message(known_file.get(), k + 1, world.person(k))) return 1;
  Arrivals arrivals(world, known);
  for (std::uint64_t k = 0; k < count; ++k) {
    Arrivals::Arrival const one = arrivals.next();
    if (!write_message(arrivals_file.get(), one.record, one.described)) return 1;
  }
}
