// A record as bytes: for hashing and for storing. Every part is preceded by its length, so that no two
// records have the same bytes ("ab" + "c" is not "a" + "bc"), and null differs from every text.
#include <charconv>
#include <stdexcept>

#include <sodium.h>

#include "model/record.hpp"

namespace metakocka {
namespace {

constexpr char kVersion = '1';
constexpr char kNull = '-';

void append(std::string& out, std::string_view text) {
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), text.size()).ptr;
    out.append(digits.data(), end);
    out += ':';
    out += text;
}

// Trailing nulls are left out: a field that a later version appends changes nothing where it is null.
void append_values(std::string& out, const Record& record) {
    std::size_t count = record.values.size();
    while (count > 0 && !record.values[count - 1]) --count;
    for (std::size_t i = 0; i < count; ++i) {
        if (record.values[i]) {
            append(out, *record.values[i]);
        } else {
            out += kNull;
        }
    }
}

[[noreturn]] void corrupt() {
    throw std::invalid_argument("a stored record is damaged");
}

Value take(std::string_view& text) {
    if (text.front() == kNull) {
        text.remove_prefix(1);
        return std::nullopt;
    }
    std::size_t size = 0;
    const auto* const end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, size);
    if (error != std::errc{} || at == end || *at != ':') corrupt();
    text.remove_prefix(static_cast<std::size_t>(at - text.data()) + 1);
    if (size > text.size()) corrupt();
    std::string value(text.substr(0, size));
    text.remove_prefix(size);
    return value;
}

std::size_t encoded_size(const Record& record) {
    std::size_t size = 32 + record.erp_id.size();
    for (const Value& value : record.values) size += value ? value->size() + 6 : 1;
    return size;
}

}  // namespace

std::string encode_record(const Record& record) {
    std::string out;
    out.reserve(encoded_size(record));
    out += kVersion;
    out += record.active ? 'a' : 'i';
    append_values(out, record);
    return out;
}

Record decode_record(RecordKind kind, std::string erp_id, std::string_view text) {
    if (text.size() < 2 || text[0] != kVersion || (text[1] != 'a' && text[1] != 'i')) corrupt();
    Record record(kind, std::move(erp_id));
    record.active = text[1] == 'a';
    text.remove_prefix(2);
    for (std::size_t i = 0; !text.empty(); ++i) {
        if (i == record.values.size()) corrupt();
        record.values[i] = take(text);
    }
    return record;
}

Fingerprinter::Fingerprinter(std::span<const std::uint8_t> key) : key_(key.begin(), key.end()) {
    if (sodium_init() < 0) throw std::runtime_error("libsodium does not start");
    if (key_.size() < crypto_generichash_KEYBYTES_MIN || key_.size() > crypto_generichash_KEYBYTES_MAX) {
        throw std::invalid_argument("a fingerprint key has 16 to 64 bytes");
    }
}

Fingerprint Fingerprinter::operator()(const Record& record) const {
    std::string bytes;
    bytes.reserve(encoded_size(record));
    bytes += kVersion;
    append(bytes, to_text(record.kind));
    append(bytes, record.erp_id);
    bytes += record.active ? 'a' : 'i';
    append_values(bytes, record);
    Fingerprint result{};
    const auto* const data = reinterpret_cast<const unsigned char*>(bytes.data());
    if (crypto_generichash(result.data(), result.size(), data, bytes.size(), key_.data(), key_.size()) != 0) {
        throw std::logic_error("BLAKE2b refused its arguments");
    }
    return result;
}

}  // namespace metakocka
