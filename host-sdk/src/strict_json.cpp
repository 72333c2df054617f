#include "strict_json.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "crm/error.hpp"

namespace crm::detail {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxDepth = 16;
constexpr std::size_t kLongestNumber = 40;

// What the tree no longer shows. Called with valid JSON only.
class Strictness {
  public:
    // NOLINTBEGIN(readability-identifier-naming): the parser's names
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
    // NOLINTEND(readability-identifier-naming)
    using Failed = json::error_code;
    using Part = json::string_view;

    bool on_object_begin(Failed&) {
        members_.emplace_back();
        return true;
    }
    bool on_object_end(std::size_t, Failed&) {
        members_.pop_back();
        return true;
    }
    bool on_key_part(Part part, std::size_t, Failed&) {
        key_.append(part.data(), part.size());
        return true;
    }
    bool on_key(Part part, std::size_t, Failed&) {
        key_.append(part.data(), part.size());
        if (!members_.back().insert(key_).second) {
            throw Error(CRM_INVALID, "the manifest is wrong: expected each member once; found " +
                                         json::serialize(json::string(key_)) +
                                         " twice. Get the manifest that came with the module");
        }
        key_.clear();
        return true;
    }
    bool on_number_part(Part part, Failed&) {
        number_size_ += part.size();
        return true;
    }
    bool on_int64(std::int64_t, Part part, Failed&) { return number(part, true); }
    bool on_uint64(std::uint64_t, Part part, Failed&) { return number(part, true); }
    bool on_double(double value, Part part, Failed&) { return number(part, std::isfinite(value)); }

    static bool on_document_begin(Failed&) { return true; }
    static bool on_document_end(Failed&) { return true; }
    static bool on_array_begin(Failed&) { return true; }
    static bool on_array_end(std::size_t, Failed&) { return true; }
    static bool on_string_part(Part, std::size_t, Failed&) { return true; }
    static bool on_string(Part, std::size_t, Failed&) { return true; }
    static bool on_bool(bool, Failed&) { return true; }
    static bool on_null(Failed&) { return true; }
    static bool on_comment_part(Part, Failed&) { return true; }
    static bool on_comment(Part, Failed&) { return true; }

  private:
    bool number(Part part, bool is_finite) {
        number_size_ += part.size();
        if (number_size_ > kLongestNumber || !is_finite) {
            throw Error(CRM_INVALID,
                        "the manifest is wrong: expected numbers of at most 40 characters and below 1e308; "
                        "found another one. Write it as text");
        }
        number_size_ = 0;
        return true;
    }

    std::vector<std::set<std::string>> members_;  // of the objects around this place
    std::string key_;
    std::size_t number_size_ = 0;
};

}  // namespace

json::value parse_strict(std::string_view text) {
    json::error_code failed;
    json::parse_options options;
    options.max_depth = kMaxDepth;
    json::value root = json::parse(json::string_view(text.data(), text.size()), failed, {}, options);
    if (failed) {
        throw Error(CRM_INVALID, "the manifest is wrong: expected a JSON object; found what is not JSON (" +
                                     failed.message() +
                                     "). Correct it, or get the manifest that came with the module.");
    }
    json::basic_parser<Strictness>(options).write_some(false, text.data(), text.size(), failed);
    return root;
}

}  // namespace crm::detail
