// A prepared statement while it is in use. Ends itself: whatever happens, it is reset for the next user.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct sqlite3_stmt;

namespace metakocka::store {

class Statement {
  public:
    explicit Statement(sqlite3_stmt* prepared);
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    // Binds the parameters ?1, ?2, … in order. Texts and blobs are borrowed until the statement is reset.
    template <class... Values>
    Statement& bind(const Values&... values) {
        int index = 0;
        (bind_one(++index, values), ...);
        return *this;
    }
    // One parameter, for loops that change only some of them.
    void bind_one(int index, std::int64_t value);
    void bind_one(int index, std::uint64_t value) { bind_one(index, static_cast<std::int64_t>(value)); }
    void bind_one(int index, int value) { bind_one(index, static_cast<std::int64_t>(value)); }
    void bind_one(int index, std::uint32_t value) { bind_one(index, static_cast<std::int64_t>(value)); }
    void bind_one(int index, std::string_view text);
    void bind_one(int index, const std::string& text) { bind_one(index, std::string_view(text)); }
    void bind_one(int index, const char* text) { bind_one(index, std::string_view(text)); }
    void bind_one(int index, std::span<const std::uint8_t> blob);
    void bind_one(int index, std::nullopt_t);
    template <class T>
    void bind_one(int index, const std::optional<T>& value) {
        if (value) {
            bind_one(index, *value);
        } else {
            bind_one(index, std::nullopt);
        }
    }
    // Sealed payloads are stored as blobs although they travel in strings.
    void bind_blob(int index, std::string_view bytes);

    // The next row: false when there is none left.
    bool step();
    // Runs a statement that gives no rows and makes it ready for other values.
    void run();
    // Ready for other values; bound ones are kept.
    void reset();

    std::int64_t integer(int column) const;
    std::uint64_t count(int column) const { return static_cast<std::uint64_t>(integer(column)); }
    std::string text(int column) const;
    // Bytes of a text or blob, valid until the next step or reset.
    std::string_view view(int column) const;
    bool is_null(int column) const;

  private:
    sqlite3_stmt* prepared_;
};

}  // namespace metakocka::store
