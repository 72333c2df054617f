#pragma once

#include <string>
#include <string_view>

namespace metakocka::sim {

// Writes JSON text straight into one string: a page of 1,000 products must take a few milliseconds, and a
// tree of values would take most of them.
class JsonOut {
  public:
    JsonOut& open(char bracket);
    JsonOut& close(char bracket);
    JsonOut& key(std::string_view name);
    JsonOut& string(std::string_view value);
    JsonOut& raw(std::string_view json);
    JsonOut& member(std::string_view name, std::string_view value) { return key(name).string(value); }
    void reserve(std::size_t bytes) { text_.reserve(bytes); }
    std::string take() { return std::move(text_); }

  private:
    void separate();
    void quote(std::string_view value);

    std::string text_;
    bool comma_ = false;
};

}  // namespace metakocka::sim
