#include "crypto.hpp"

#include <gcrypt.h>

#include <algorithm>
#include <memory>

#include "crm/error.hpp"

namespace crm::detail {
namespace {

// The library wants to be told once that its user has nothing to configure. A host may have done so itself.
void prepare() {
    static const bool done = [] {
        if (gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P) == 0) {
            gcry_check_version(nullptr);
            gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
            gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
        }
        return true;
    }();
    static_cast<void>(done);
}

struct Release {
    void operator()(gcry_sexp* expression) const { gcry_sexp_release(expression); }
    void operator()(gcry_context* context) const { gcry_ctx_release(context); }
    void operator()(gcry_mpi* number) const { gcry_mpi_release(number); }
};
using Expression = std::unique_ptr<gcry_sexp, Release>;

void check(gcry_error_t failure, const char* what) {
    if (failure != 0) {
        throw Error(CRM_INTERNAL, std::string(what) + " failed in libgcrypt: " + gcry_strerror(failure));
    }
}

// `format` with "%b" for each part.
template <class... Parts>
Expression build(const char* format, const Parts&... parts) {
    std::array<void*, 2 * sizeof...(Parts)> arguments{};
    std::array<int, sizeof...(Parts)> sizes{static_cast<int>(parts.size())...};
    std::array<const void*, sizeof...(Parts)> data{parts.data()...};
    for (std::size_t i = 0; i < sizeof...(Parts); ++i) {
        arguments[2 * i] = &sizes[i];
        arguments[2 * i + 1] = &data[i];
    }
    gcry_sexp_t expression = nullptr;
    check(gcry_sexp_build_array(&expression, nullptr, format, arguments.data()), "building an expression");
    return Expression(expression);
}

Expression private_key(const Ed25519Key& seed) {
    return build("(private-key (ecc (curve Ed25519)(flags eddsa)(d %b)))", seed);
}

Expression text(std::string_view message) {
    return build("(data (flags eddsa)(hash-algo sha512)(value %b))", message);
}

void copy_part(const Expression& all, const char* name, std::span<std::byte> out) {
    const Expression found(gcry_sexp_find_token(all.get(), name, 0));
    std::size_t size = 0;
    const char* const data = found ? gcry_sexp_nth_data(found.get(), 1, &size) : nullptr;
    if (data == nullptr || size != out.size()) {
        throw Error(CRM_INTERNAL, std::string("libgcrypt gave no usable ") + name);
    }
    std::ranges::copy(std::as_bytes(std::span(data, size)), out.begin());
}

// The y coordinates of points of order 8 (RFC 8032's curve), under which anybody can sign.
constexpr std::array<std::array<unsigned char, 32>, 2> kOrderEight{
    {{0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
      0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
     {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
      0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a}}};

// The order of the curve's base point, from its smallest byte.
constexpr std::array<unsigned char, 32> kOrder{
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};

// RFC 8032 wants it, libgcrypt does not ask: the same signature with the order added once more.
bool is_reduced(std::span<const std::byte> number) {
    const auto order = std::as_bytes(std::span(kOrder));
    return std::lexicographical_compare(number.rbegin(), number.rend(), order.rbegin(), order.rend());
}

}  // namespace

std::string sha256_hex(std::span<const std::byte> data) {
    prepare();
    std::array<unsigned char, 32> digest{};
    gcry_md_hash_buffer(GCRY_MD_SHA256, digest.data(), data.data(), data.size());
    static constexpr char kHex[] = "0123456789abcdef";
    std::string out;
    for (const unsigned char byte : digest) {
        out.push_back(kHex[byte >> 4]);
        out.push_back(kHex[byte & 15]);
    }
    return out;
}

// Their y is small (empty files, counting up from zero), -1, or not reduced, or of order 8.
bool is_weak_ed25519(Ed25519Key key) {
    key.back() &= std::byte{0x7f};
    const auto all = [](std::span<const std::byte> bytes, std::byte value) {
        return std::ranges::all_of(bytes, [value](std::byte byte) { return byte == value; });
    };
    const std::span<const std::byte> bytes(key);
    if (all(bytes.last(8), std::byte{0})) return true;
    if (key.front() >= std::byte{0xec} && all(bytes.subspan(1, 30), std::byte{0xff}) &&
        key.back() == std::byte{0x7f}) {
        return true;
    }
    return std::ranges::any_of(kOrderEight, [&bytes](const auto& weak) {
        return std::ranges::equal(bytes, std::as_bytes(std::span(weak)));
    });
}

bool verify_ed25519(const Ed25519Key& key, const Ed25519Signature& signature, std::string_view message) {
    prepare();
    const std::span<const std::byte> whole(signature);
    if (is_weak_ed25519(key) || !is_reduced(whole.last(whole.size() / 2))) return false;
    const Expression public_key = build("(public-key (ecc (curve Ed25519)(flags eddsa)(q %b)))", key);
    const Expression value =
        build("(sig-val (eddsa (r %b)(s %b)))", whole.first(whole.size() / 2), whole.last(whole.size() / 2));
    return gcry_pk_verify(value.get(), text(message).get(), public_key.get()) == 0;
}

Ed25519Key new_ed25519_seed() {
    prepare();
    Ed25519Key seed{};
    gcry_randomize(seed.data(), seed.size(), GCRY_VERY_STRONG_RANDOM);
    return seed;
}

Ed25519Key ed25519_public_key(const Ed25519Key& seed) {
    prepare();
    gcry_ctx_t context = nullptr;
    check(gcry_mpi_ec_new(&context, private_key(seed).get(), nullptr), "reading a private key");
    const std::unique_ptr<gcry_context, Release> owner(context);
    const std::unique_ptr<gcry_mpi, Release> point(gcry_mpi_ec_get_mpi("q@eddsa", context, 1));
    unsigned int bits = 0;
    const void* const data = point ? gcry_mpi_get_opaque(point.get(), &bits) : nullptr;
    Ed25519Key key{};
    if (data == nullptr || bits != 8 * key.size()) {
        throw Error(CRM_INTERNAL, "libgcrypt gave no public key");
    }
    std::ranges::copy(std::span(static_cast<const std::byte*>(data), key.size()), key.begin());
    return key;
}

Ed25519Signature sign_ed25519(const Ed25519Key& seed, std::string_view message) {
    prepare();
    gcry_sexp_t made = nullptr;
    check(gcry_pk_sign(&made, text(message).get(), private_key(seed).get()), "signing");
    const Expression result(made);
    Ed25519Signature signature{};
    const std::span<std::byte> whole(signature);
    copy_part(result, "r", whole.first(whole.size() / 2));
    copy_part(result, "s", whole.last(whole.size() / 2));
    return signature;
}

}  // namespace crm::detail
