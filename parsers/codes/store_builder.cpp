#include <hl7flow/parsers/codes/store_builder.h>

#include <algorithm>
#include <bit>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstring>
#include <map>
#include <numeric>
#include <tuple>

#include <hl7flow/parsers/codes/code_key.h>
#include <hl7flow/parsers/codes/text_arena.h>

namespace hl7flow::codes {

namespace detail {
std::uint64_t store_checksum(std::span<const std::byte> bytes) noexcept;
}

namespace {

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  return out;
}

/// Lines for so many codes: three of four places taken at most, so that a code is nearly always in
/// the first line that is looked at.
std::uint64_t lines_for(std::size_t count) {
  return std::bit_ceil(std::max<std::uint64_t>(1, (count * 4 / 3 + slots_a_line) / slots_a_line));
}

void insert(std::span<Slot> table, std::string_view code, std::uint32_t number) {
  detail::CodeKey const key = detail::key_of(code);
  std::uint64_t const line_mask = table.size() / slots_a_line - 1;
  for (std::uint64_t line = detail::spread(key);; ++line) {
    Slot* const slots = table.data() + (line & line_mask) * slots_a_line;
    for (std::size_t k = 0; k < slots_a_line; ++k) {
      if (slots[k].concept_plus_one != 0) continue;
      std::memcpy(slots[k].key.data(), &key.low, sizeof key.low);
      std::memcpy(slots[k].key.data() + sizeof key.low, &key.high, sizeof key.high);
      slots[k].concept_plus_one = number + 1;
      return;
    }
  }
}

struct System {
  SystemFacts facts;
  boost::unordered_flat_map<std::string_view, std::uint32_t> concepts;
};

struct Target {
  std::uint32_t source;
  TargetRecord record;
};

struct ValueSet {
  ValueSetRecord record;
  std::vector<std::uint32_t> members;
};

}  // namespace

void LoadReport::bad(std::uint64_t row, std::string_view why) {
  if (rows_bad++ == 0) first_problem = "row " + std::to_string(row) + ": " + std::string(why);
}

/// The sections of a store, worked out one by one of what was collected.
struct StoreSections {
  std::vector<TargetRecord> targets;
  std::vector<SystemRecord> systems;
  std::vector<Slot> slots, system_names;
  std::vector<AliasRecord> aliases;
  std::vector<MapRecord> maps;
  std::vector<ValueSetRecord> value_sets;
  std::vector<std::uint32_t> members;
  std::vector<LoadRecord> loads;
};

struct StoreBuilder::State {
  TextArena arena;
  std::vector<System> systems;
  std::map<std::string, SystemId, std::less<>> names;  // in upper case, canonical ones too
  std::vector<ConceptRecord> concepts;
  std::vector<NameRecord> texts;
  std::vector<MapFacts> maps;
  std::map<std::tuple<std::string, SystemId, SystemId>, MapId> map_ids;
  std::vector<Target> targets;
  std::vector<ValueSet> value_sets;
  std::vector<LoadReport> reports;
  std::string units;

  void order_maps();
  void settle(StoreSections& made);
  void make_tables(StoreSections& made);
  void make_names(StoreSections& made);
  void make_maps(StoreSections& made);

  void name_system(std::string_view name, SystemId system) {
    if (name.empty()) return;
    names.try_emplace(upper(name), system);
  }

  std::uint32_t make(SystemId system, std::string_view code) {
    auto& known = systems[system].concepts;
    auto const found = known.find(code);
    if (found != known.end()) return found->second;
    auto const number = static_cast<std::uint32_t>(concepts.size());
    ConceptRecord record{};
    record.code = arena.put(code);
    record.parent = no_concept;
    record.system = system;
    concepts.push_back(record);
    known.emplace(arena.view(record.code), number);
    return number;
  }
};

StoreBuilder::StoreBuilder() : state_(std::make_unique<State>()) {}
StoreBuilder::~StoreBuilder() = default;
StoreBuilder::StoreBuilder(StoreBuilder&&) noexcept = default;
StoreBuilder& StoreBuilder::operator=(StoreBuilder&&) noexcept = default;

SystemId StoreBuilder::system(const SystemFacts& facts) {
  auto const known = state_->names.find(upper(facts.name));
  SystemId id = 0;
  if (known != state_->names.end()) {
    id = known->second;
  } else {
    id = static_cast<SystemId>(state_->systems.size());
    state_->systems.push_back({});
    state_->systems.back().facts.name = facts.name;
    state_->name_system(facts.name, id);
  }
  SystemFacts& own = state_->systems[id].facts;
  if (!facts.title.empty()) own.title = facts.title;
  if (!facts.uri.empty()) own.uri = facts.uri;
  if (!facts.oid.empty()) own.oid = facts.oid;
  if (!facts.version.empty()) own.version = facts.version;
  state_->name_system(facts.uri, id);
  state_->name_system(facts.oid, id);
  if (!facts.oid.empty()) state_->name_system("urn:oid:" + facts.oid, id);
  for (std::string const& alias : facts.aliases) state_->name_system(alias, id);
  return id;
}

SystemId StoreBuilder::find_system(std::string_view name) const {
  auto const known = state_->names.find(upper(name));
  return known == state_->names.end() ? no_system : known->second;
}

std::string_view StoreBuilder::system_name(SystemId system) const {
  return system < state_->systems.size() ? std::string_view(state_->systems[system].facts.name)
                                         : std::string_view();
}

std::uint32_t StoreBuilder::add(SystemId system, const ConceptFacts& facts) {
  std::uint32_t const number = mention(system, facts.code);
  if (number == no_concept) return number;
  ConceptRecord& record = state_->concepts[number];
  if (!facts.display.empty()) record.display = state_->arena.put(facts.display);
  record.status = facts.status;
  record.flags = static_cast<std::uint8_t>(listed | (facts.selectable ? selectable : 0));
  if (facts.valid_from != 0) record.valid_from = facts.valid_from;
  if (facts.valid_to != 0) record.valid_to = facts.valid_to;
  if (facts.rank != 0) record.rank = facts.rank;
  return number;
}

std::uint32_t StoreBuilder::mention(SystemId system, std::string_view code,
                                    std::string_view display) {
  constexpr std::size_t size_max = 64 << 10;
  if (system >= state_->systems.size() || code.empty() || code.size() > size_max) return no_concept;
  std::uint32_t const number = state_->make(system, code);
  ConceptRecord& record = state_->concepts[number];
  if (record.display.size == 0 && !display.empty()) record.display = state_->arena.put(display);
  return number;
}

std::uint32_t StoreBuilder::find(SystemId system, std::string_view code) const {
  if (system >= state_->systems.size()) return no_concept;
  auto const& known = state_->systems[system].concepts;
  auto const found = known.find(code);
  return found == known.end() ? no_concept : found->second;
}

SystemId StoreBuilder::system_of(std::uint32_t subject) const {
  return state_->concepts[subject].system;
}
std::string_view StoreBuilder::code(std::uint32_t subject) const {
  return state_->arena.view(state_->concepts[subject].code);
}
std::string_view StoreBuilder::display(std::uint32_t subject) const {
  return state_->arena.view(state_->concepts[subject].display);
}
std::uint32_t StoreBuilder::parent(std::uint32_t subject) const {
  return state_->concepts[subject].parent;
}
void StoreBuilder::set_display(std::uint32_t subject, std::string_view display) {
  state_->concepts[subject].display = state_->arena.put(display);
}
void StoreBuilder::set_parent(std::uint32_t subject, std::uint32_t parent) {
  state_->concepts[subject].parent = parent;
}
void StoreBuilder::set_status(std::uint32_t subject, CodeStatus status) {
  state_->concepts[subject].status = status;
}

void StoreBuilder::add_name(std::uint32_t subject, NameKind kind, std::string_view text) {
  if (subject == no_concept || text.empty()) return;
  NameRecord record{};
  record.text = state_->arena.put(text);
  record.subject = subject;
  record.kind = kind;
  state_->texts.push_back(record);
}

MapId StoreBuilder::map(const MapFacts& facts) {
  auto const [known, is_new] = state_->map_ids.try_emplace({facts.name, facts.source, facts.target},
                                                           static_cast<MapId>(state_->maps.size()));
  if (is_new) state_->maps.push_back(facts);
  return known->second;
}

void StoreBuilder::add_target(MapId map, std::uint32_t source, std::uint32_t target,
                              const TargetFacts& facts) {
  if (source == no_concept) return;
  TargetRecord record{};
  record.target = target;
  record.map = map;
  record.equivalence = target == no_concept ? Equivalence::unmatched : facts.equivalence;
  record.priority = facts.priority;
  record.group = facts.group;
  record.alternative = facts.alternative;
  record.rule = state_->arena.put(facts.rule);
  state_->targets.push_back({source, record});
}

std::uint32_t StoreBuilder::value_set(std::string_view name, std::string_view uri,
                                      std::string_view version) {
  ValueSet set{};
  set.record.name = state_->arena.put(name);
  set.record.uri = state_->arena.put(uri);
  set.record.version = state_->arena.put(version);
  state_->value_sets.push_back(std::move(set));
  return static_cast<std::uint32_t>(state_->value_sets.size() - 1);
}

void StoreBuilder::add_member(std::uint32_t set, std::uint32_t member) {
  if (member != no_concept) state_->value_sets[set].members.push_back(member);
}

void StoreBuilder::add_units(std::string_view definitions) { state_->units.append(definitions); }
void StoreBuilder::report(LoadReport report) { state_->reports.push_back(std::move(report)); }
const std::vector<LoadReport>& StoreBuilder::reports() const { return state_->reports; }
std::size_t StoreBuilder::concept_count() const { return state_->concepts.size(); }

namespace {

/// Lays sections one behind the other, each at a multiple of 64 bytes.
class Layout {
 public:
  explicit Layout(std::size_t header_size) : bytes_(header_size) {}
  void put(StoreHeader& header, Section which, const void* from, std::size_t size) {
    bytes_.resize((bytes_.size() + 63) / 64 * 64);
    header.sections[static_cast<std::size_t>(which)] = {bytes_.size(), size};
    std::size_t const at = bytes_.size();
    bytes_.resize(at + size);
    if (size > 0) std::memcpy(bytes_.data() + at, from, size);
  }
  template <class Record>
  void put(StoreHeader& header, Section which, const std::vector<Record>& records) {
    put(header, which, records.data(), records.size() * sizeof(Record));
  }
  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

}  // namespace

/// Maps by origin, and in targets the numbers that they have then.
void StoreBuilder::State::order_maps() {
  std::vector<MapId> order(maps.size());
  std::iota(order.begin(), order.end(), MapId{0});
  std::stable_sort(order.begin(), order.end(),
                   [this](MapId a, MapId b) { return maps[a].origin < maps[b].origin; });
  std::vector<MapId> number(maps.size());
  std::vector<MapFacts> ordered;
  for (MapId const id : order) {
    number[id] = static_cast<MapId>(ordered.size());
    ordered.push_back(maps[id]);
  }
  maps = std::move(ordered);
  for (Target& target : targets) target.record.map = number[target.record.map];
  for (auto& [key, id] : map_ids) id = number[id];
}

/// Targets and names behind their concepts, in the order of concepts.
void StoreBuilder::State::settle(StoreSections& made) {
  std::stable_sort(targets.begin(), targets.end(), [](auto const& a, auto const& b) {
    auto const key = [](Target const& target) {
      return std::tuple(target.source, target.record.map, target.record.alternative,
                        target.record.group, target.record.priority);
    };
    return key(a) < key(b);
  });
  auto const same = [](Target const& a, Target const& b) {
    auto const key = [](Target const& target) {
      return std::tuple(target.source, target.record.map, target.record.alternative,
                        target.record.group, target.record.target);
    };
    return key(a) == key(b);
  };
  targets.erase(std::unique(targets.begin(), targets.end(), same), targets.end());
  std::stable_sort(texts.begin(), texts.end(),
                   [](auto const& a, auto const& b) { return a.subject < b.subject; });
  made.targets.reserve(targets.size());
  std::size_t next_text = 0;
  for (std::uint32_t k = 0; k < concepts.size(); ++k) {
    concepts[k].first_target = static_cast<std::uint32_t>(made.targets.size());
    while (made.targets.size() < targets.size() && targets[made.targets.size()].source == k)
      made.targets.push_back(targets[made.targets.size()].record);
    concepts[k].first_name = static_cast<std::uint32_t>(next_text);
    while (next_text < texts.size() && texts[next_text].subject == k) ++next_text;
  }
}

/// The systems, each with the table that finds its codes.
void StoreBuilder::State::make_tables(StoreSections& made) {
  for (System const& system : systems) {
    SystemRecord record{};
    record.name = arena.put(system.facts.name);
    record.title = arena.put(system.facts.title);
    record.uri = arena.put(system.facts.uri);
    record.oid = arena.put(system.facts.oid);
    record.version = arena.put(system.facts.version);
    record.first_line = static_cast<std::uint32_t>(made.slots.size() / slots_a_line);
    std::uint64_t const lines = lines_for(system.concepts.size());
    record.line_mask = static_cast<std::uint32_t>(lines - 1);
    made.slots.resize(made.slots.size() + lines * slots_a_line);
    made.systems.push_back(record);
  }
  for (std::uint32_t k = 0; k < concepts.size(); ++k) {
    ConceptRecord const& subject = concepts[k];
    SystemRecord& system = made.systems[subject.system];
    if ((subject.flags & listed) != 0) ++system.concept_count;
    insert(std::span(made.slots)
               .subspan(std::size_t{system.first_line} * slots_a_line,
                        (std::size_t{system.line_mask} + 1) * slots_a_line),
           arena.view(subject.code), k);
  }
}

/// All names of systems.
void StoreBuilder::State::make_names(StoreSections& made) {
  made.system_names.resize(lines_for(names.size()) * slots_a_line);
  for (auto const& [alias, system] : names) {
    insert(made.system_names, alias, static_cast<std::uint32_t>(made.aliases.size()));
    made.aliases.push_back({arena.put(alias), system, 0});
  }
}

/// Maps, sets of values, and what was read of each file.
void StoreBuilder::State::make_maps(StoreSections& made) {
  for (MapFacts const& facts : maps)
    made.maps.push_back({arena.put(facts.name),
                         arena.put(facts.version),
                         arena.put(facts.uri),
                         facts.source,
                         facts.target,
                         facts.kind,
                         {}});
  for (ValueSet& set : value_sets) {
    std::sort(set.members.begin(), set.members.end());
    set.members.erase(std::unique(set.members.begin(), set.members.end()), set.members.end());
    set.record.first_member = static_cast<std::uint32_t>(made.members.size());
    set.record.member_count = static_cast<std::uint32_t>(set.members.size());
    made.members.insert(made.members.end(), set.members.begin(), set.members.end());
    made.value_sets.push_back(set.record);
  }
  for (LoadReport const& report : reports)
    made.loads.push_back({arena.put(report.file), arena.put(report.kind),
                          arena.put(report.first_problem), report.rows_read, report.rows_loaded,
                          report.rows_skipped, report.rows_bad});
}

Result<std::vector<std::byte>, Failure> StoreBuilder::build(std::string_view name,
                                                            std::string_view version) {
  State& state = *state_;
  auto const too_large = [](std::string_view what) {
    return fail(ErrorCode::bad_store,
                "there are too many " + std::string(what) + " for one code store: build several");
  };
  auto& arena = state.arena;
  if (state.systems.size() >= no_system) return too_large("code systems");
  if (state.maps.size() >= 0xffff) return too_large("maps");

  StoreSections made;
  state.order_maps();
  state.settle(made);
  state.make_tables(made);
  state.make_names(made);
  state.make_maps(made);

  StoreHeader header{};
  header.magic = store_magic;
  header.format_version = store_format_version;
  header.header_size = sizeof(StoreHeader);
  header.name = arena.put(name);
  header.version = arena.put(version);
  if (arena.is_full()) return too_large("texts");
  Layout layout(sizeof(StoreHeader));
  std::string const strings = arena.bytes();
  layout.put(header, Section::strings, strings.data(), strings.size());
  layout.put(header, Section::systems, made.systems);
  layout.put(header, Section::system_names, made.system_names);
  layout.put(header, Section::aliases, made.aliases);
  layout.put(header, Section::concepts, state.concepts);
  layout.put(header, Section::slots, made.slots);
  layout.put(header, Section::targets, made.targets);
  layout.put(header, Section::maps, made.maps);
  layout.put(header, Section::names, state.texts);
  layout.put(header, Section::value_sets, made.value_sets);
  layout.put(header, Section::members, made.members);
  layout.put(header, Section::loads, made.loads);
  layout.put(header, Section::units, state.units.data(), state.units.size());
  std::vector<std::byte> bytes = layout.take();
  header.store_size = bytes.size();
  std::memcpy(bytes.data(), &header, sizeof header);
  header.checksum = detail::store_checksum(bytes);
  std::memcpy(bytes.data(), &header, sizeof header);
  return bytes;
}

}  // namespace hl7flow::codes
