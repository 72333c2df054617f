#include "api/json_text.hpp"

#include <algorithm>
#include <new>
#include <stdexcept>
#include <string>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>

namespace metakocka::api {
namespace {

namespace json = boost::json;
using json::error_code;
using json::string_view;

// What basic_parser reports, put on a stack of values. The names are Boost's.
class Handler {
  public:
    // NOLINTBEGIN(readability-identifier-naming)
    static constexpr std::size_t max_object_size = json::object::max_size();
    static constexpr std::size_t max_array_size = json::array::max_size();
    static constexpr std::size_t max_key_size = json::string::max_size();
    static constexpr std::size_t max_string_size = json::string::max_size();
    // NOLINTEND(readability-identifier-naming)

    explicit Handler(json::storage_ptr memory) { stack_.reset(std::move(memory)); }
    json::value release() { return stack_.release(); }

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code&) { return true; }
    bool on_object_end(std::size_t n, error_code&) { return stack_.push_object(n), true; }
    bool on_array_begin(error_code&) { return true; }
    bool on_array_end(std::size_t n, error_code&) { return stack_.push_array(n), true; }
    bool on_key_part(string_view part, std::size_t, error_code&) { return stack_.push_chars(part), true; }
    bool on_key(string_view part, std::size_t, error_code&) { return stack_.push_key(part), true; }
    bool on_string_part(string_view part, std::size_t, error_code&) { return stack_.push_chars(part), true; }
    bool on_string(string_view part, std::size_t, error_code&) { return stack_.push_string(part), true; }
    bool on_number_part(string_view part, error_code&) { return stack_.push_chars(part), true; }
    bool on_int64(std::int64_t, string_view part, error_code&) { return stack_.push_string(part), true; }
    bool on_uint64(std::uint64_t, string_view part, error_code&) { return stack_.push_string(part), true; }
    bool on_double(double, string_view part, error_code&) { return stack_.push_string(part), true; }
    bool on_bool(bool value, error_code&) { return stack_.push_bool(value), true; }
    bool on_null(error_code&) { return stack_.push_null(), true; }
    bool on_comment_part(string_view, error_code&) { return true; }
    bool on_comment(string_view, error_code&) { return true; }

  private:
    json::value_stack stack_;
};

}  // namespace

JsonText::JsonText(std::string_view text) {
    memory_ = std::make_unique<json::monotonic_resource>(std::max<std::size_t>(text.size() * 2, 4096));
    json::basic_parser<Handler> parser(json::parse_options{}, json::storage_ptr(memory_.get()));
    error_code error;
    const std::size_t used = parser.write_some(false, text.data(), text.size(), error);
    if (error) throw std::invalid_argument("not JSON: " + error.message());
    if (text.substr(used).find_first_not_of(" \t\r\n") != std::string_view::npos) {
        throw std::invalid_argument("not JSON: something follows it");
    }
    void* const place = memory_->allocate(sizeof(json::value), alignof(json::value));
    root_ = new (place) json::value(parser.handler().release());
}

}  // namespace metakocka::api
