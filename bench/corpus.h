#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <hl7flow/parsers/er7_index.h>

// What the benchmarks read: more distinct text than any cache holds, made once by a fixed seed.
namespace hl7flow::bench {

/// Text in blocks that end where a record ends, as batches do. Only the text is kept; whatever a
/// benchmark makes of a block, it makes in memory that it uses again.
struct Corpus {
  std::vector<TextBuffer> blocks;
  std::uint64_t bytes = 0;
  std::uint64_t records = 0;
  std::uint64_t observations = 0;  // OBX segments, or elements of "observations"
};

inline constexpr std::size_t corpus_size = 256u << 20;
inline constexpr std::size_t block_size = 256u << 10;
inline constexpr std::size_t json_block_size = 20u << 20;

/// HL7 v2 messages, ORU^R01 of about 1 KB: MSH, PID, PV1, OBR and 0 to 11 OBX, in blocks of
/// block_size. Mutable because indexing may append to a text; on this one it does not.
Corpus& hl7_corpus();

/// Records like them as JSON, one a line, in blocks of json_block_size: simdjson's fastest.
Corpus& json_corpus();

}  // namespace hl7flow::bench
