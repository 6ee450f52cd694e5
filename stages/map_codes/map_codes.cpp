// map_codes: looks up the codes of coded fields in a code store and says, for each value, which
// standard code it is, and how that was found; or why there is none. Messages stay as they are:
// what was found goes with the batch, and `tabulate` makes columns of it.

#include <mutex>

#include <hl7flow/pipeline/component.h>
#include <hl7flow/pipeline/loaded_codes.h>
#include <hl7flow/stages/map_codes/code_mapper.h>

namespace hl7flow::stages {

namespace {

using LoadedStore = std::shared_ptr<const LoadedCodes>;

class MapCodes final : public Stage {
 public:
  struct Options {
    std::string store = "starter";
    std::vector<std::string> maps;
    std::string several = "refuse";
    std::string triplet = "keep";
    ConfigNode fields;
    bool defaults = true;
  };
  static constexpr Option<Options> options[] = {
      OptionFor<&Options::store>{
          "store",
          "Code store, made by hl7flow codes build; or starter (default): a sample of common codes "
          "that needs no licence; or none: only the maps."},
      OptionFor<&Options::maps>{
          "maps",
          "CSV files of maps or codes of your own, with starter or none. A store has them "
          "built in: hl7flow codes build --csv."},
      OptionFor<&Options::several>{"several",
                                   "Where a map has several targets for one code: refuse (default; "
                                   "the outcome is ambiguous) or first."},
      OptionFor<&Options::triplet>{
          "triplet",
          "What sinks that write messages get: keep (default): messages as sent; alternate: the "
          "standard code in the first free triplet of components; primary: first, with what was "
          "sent behind it. Messages in character sets other than UTF-8 stay as sent."},
      OptionFor<&Options::fields>{"fields",
                                  "Coded fields beside the default ones, or instead of one: { path "
                                  "= \"ZOB-3\", to = [\"LOINC\"], when = \"ZOB-2=CE\" }."},
      OptionFor<&Options::defaults>{"defaults", "Begin with the default fields. Default true."},
  };

  static Result<std::unique_ptr<Stage>, Failure> make(const Options& chosen) {
    if (chosen.several != "refuse" && chosen.several != "first")
      return fail(ErrorCode::bad_option, "several must be refuse or first, not " + chosen.several);
    if (chosen.triplet != "keep" && chosen.triplet != "alternate" && chosen.triplet != "primary")
      return fail(ErrorCode::bad_option,
                  "triplet must be keep, alternate or primary, not " + chosen.triplet);
    Triplet const triplet = chosen.triplet == "keep"        ? Triplet::keep
                            : chosen.triplet == "alternate" ? Triplet::alternate
                                                            : Triplet::primary;
    std::vector<FieldRule> rules;
    std::vector<std::string> named;  // systems that the user wants
    if (chosen.defaults) {
      auto made = default_field_rules();
      if (!made) return tl::unexpected<Failure>(made.error());
      rules = std::move(*made);
    }
    if (chosen.fields.kind != ConfigNode::Kind::empty) {
      auto made = read_field_rules(chosen.fields);
      if (!made) return tl::unexpected<Failure>(made.error());
      for (FieldRule& rule : *made) {
        named.insert(named.end(), rule.wanted.begin(), rule.wanted.end());
        std::erase_if(rules, [&](FieldRule const& known) {
          return known.segment == rule.segment && known.field == rule.field;
        });
        rules.push_back(std::move(rule));
      }
    }
    bool const from_file = chosen.store != "starter" && chosen.store != "none";
    if (from_file && !chosen.maps.empty())
      return fail(ErrorCode::bad_option,
                  "maps go with the store starter or none; build them into " + chosen.store +
                      " with hl7flow codes build --csv");
    auto loaded = from_file ? LoadedCodes::open(chosen.store)
                            : LoadedCodes::make(chosen.maps, chosen.store == "starter");
    if (!loaded) return tl::unexpected<Failure>(loaded.error());
    for (std::string const& name : named)
      if ((*loaded)->store().find_system(name) == codes::no_system)
        return fail(ErrorCode::bad_config,
                    "the code store has no system \"" + name + "\" that a field is mapped to");
    return std::unique_ptr<Stage>(std::make_unique<MapCodes>(
        std::move(rules), std::move(*loaded),
        chosen.several == "first" ? codes::Several::first : codes::Several::refuse, triplet,
        from_file ? chosen.store : std::string()));
  }

  MapCodes(std::vector<FieldRule> rules, LoadedStore loaded, codes::Several several,
           Triplet triplet, std::string path)
      : rules_(std::move(rules)), several_(several), triplet_(triplet), path_(std::move(path)) {
    current_ = std::make_shared<const Mapping>(std::move(loaded), rules_, several_, triplet_);
  }

  std::string_view name() const noexcept override { return "map_codes"; }

  Status process(Batch& batch) override {
    std::unique_ptr<CodeMapper> mapper;
    std::shared_ptr<const Mapping> mapping;
    {
      std::lock_guard const lock(mutex_);
      if (!path_.empty() && ++batches_ % batches_between_looks == 0) look_for_new_store(batch);
      mapping = current_;
      if (!idle_.empty()) {
        mapper = std::move(idle_.back());
        idle_.pop_back();
      }
    }
    if (!mapper) mapper = std::make_unique<CodeMapper>();
    mapper->run(mapping, batch);
    std::lock_guard const lock(mutex_);
    idle_.push_back(std::move(mapper));
    return {};
  }

 private:
  static constexpr std::uint64_t batches_between_looks = 64;

  /// A store that was replaced by `codes build` is taken between two batches. One that does not
  /// open is left alone: the old one goes on.
  void look_for_new_store(Batch& batch) {
    auto const identity = identify(path_);
    if (!identity || *identity == current_->codes->identity() || *identity == refused_) return;
    auto loaded = LoadedCodes::open(path_);
    if (!loaded) {
      refused_ = *identity;
      batch.notices.push_back("map_codes goes on with the store that it has: " +
                              loaded.error().text);
      return;
    }
    current_ = std::make_shared<const Mapping>(std::move(*loaded), rules_, several_, triplet_);
    codes::CodeStore const& store = current_->codes->store();
    batch.notices.push_back("map_codes took the new store " + path_ + " (" +
                            std::to_string(store.concepts().size()) + " codes) with batch " +
                            std::to_string(batch.sequence + 1));
  }

  std::vector<FieldRule> const rules_;
  codes::Several const several_;
  Triplet const triplet_;
  std::string const path_;
  std::mutex mutex_;
  std::uint64_t batches_ = 0;
  std::shared_ptr<const Mapping> current_;
  FileIdentity refused_;
  std::vector<std::unique_ptr<CodeMapper>> idle_;
};

}  // namespace

extern constinit const Component map_codes = component<MapCodes>(
    "map_codes", "Maps codes to LOINC, ICD-10-CM, RxNorm and others, from a code store.");

}  // namespace hl7flow::stages
