#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace sojourn::core {

/// SHA-256 (OpenSSL), fed in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  Sha256& add(std::span<const std::byte> bytes);
  /// Adds the text with its length, so that ("ab","c") and ("a","bc") differ.
  Sha256& add(std::string_view text);
  /// 64 hexadecimal digits; the object is spent.
  [[nodiscard]] std::string hex();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace sojourn::core
