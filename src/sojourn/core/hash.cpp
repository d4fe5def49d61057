#include "sojourn/core/hash.h"

#include <fmt/core.h>
#include <openssl/evp.h>

#include <array>

#include "sojourn/core/error.h"

namespace sojourn::core {

struct Sha256::Context {
  EVP_MD_CTX* md = EVP_MD_CTX_new();
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
  SOJOURN_ENSURE(context_->md != nullptr &&
                 EVP_DigestInit_ex(context_->md, EVP_sha256(), nullptr) == 1);
}

Sha256::~Sha256() { EVP_MD_CTX_free(context_->md); }

Sha256& Sha256::add(std::span<const std::byte> bytes) {
  SOJOURN_ENSURE(EVP_DigestUpdate(context_->md, bytes.data(), bytes.size()) == 1);
  return *this;
}

Sha256& Sha256::add(std::string_view text) {
  const std::string length = fmt::format("{}:", text.size());
  add(std::as_bytes(std::span(length)));
  return add(std::as_bytes(std::span(text)));
}

std::string Sha256::hex() {
  std::array<unsigned char, 32> digest{};
  SOJOURN_ENSURE(EVP_DigestFinal_ex(context_->md, digest.data(), nullptr) == 1);
  std::string text;
  for (const unsigned char byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace sojourn::core
