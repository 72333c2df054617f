#include "api/webhook.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "api/json_text.hpp"
#include "api/wire.hpp"

namespace metakocka::api {

namespace {

constexpr std::size_t kDigest = 20;                          // of SHA-1
constexpr std::size_t kSignature = 4 * ((kDigest + 2) / 3);  // in Base64
constexpr std::size_t kLongestId = 20;                       // digits of a 64-bit number

bool is_id(std::string_view text) {
    return !text.empty() && text.size() <= kLongestId &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool is_signed(std::string_view secret, std::string_view body, std::string_view signature) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()),
             reinterpret_cast<const unsigned char*>(body.data()), body.size(), digest.data(),
             &size) == nullptr ||
        size != kDigest) {
        throw std::runtime_error("HMAC-SHA1 is not available");
    }
    std::array<unsigned char, kSignature + 1> expected{};
    EVP_EncodeBlock(expected.data(), digest.data(), static_cast<int>(size));
    return signature.size() == kSignature &&
           CRYPTO_memcmp(expected.data(), signature.data(), kSignature) == 0;
}

std::vector<std::string> products_of_stock_event(std::string_view body) {
    const JsonText text(body);
    if (!text.root().is_object()) throw std::invalid_argument("the body is not a JSON object");
    std::set<std::string> products;
    try {
        for (const boost::json::value& row : ListView(text.root().get_object(), "stock_list")) {
            if (!row.is_object()) continue;
            const Value id = scalar_or_null(row.get_object(), "mk_id");
            if (id && is_id(*id)) products.insert(*id);
        }
    } catch (const RowProblem& problem) {
        throw std::invalid_argument(problem.what());
    }
    return {products.begin(), products.end()};
}

}  // namespace metakocka::api
