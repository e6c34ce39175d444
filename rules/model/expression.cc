#include "rules/model/expression.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace telltale::rules {
namespace {

bool IsPlainName(std::string_view name) {
  const auto word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && !(name[0] >= '0' && name[0] <= '9') &&
         std::all_of(name.begin(), name.end(), word);
}

// _+_ and its like, not a function named _f_.
bool IsBinaryOperator(std::string_view name) {
  return name.size() > 2 && name.front() == '_' && name.back() == '_' && !IsPlainName(name);
}

// In double quotes; whatever is not printable ASCII (for text: nor UTF-8) as \xHH, so that the form
// has one reading.
std::string Quote(std::string_view text, bool escape_high) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7F || (escape_high && byte >= 0x80)) {
      out += "\\x";
      out += kHex[byte >> 4];
      out += kHex[byte & 0xF];
    } else {
      out += c;
    }
  }
  return out + '"';
}

// The shortest form that reads back as the same double, always with a mark that it is one.
std::string DoubleText(double value) {
  if (std::isnan(value)) return "double(\"nan\")";
  if (std::isinf(value)) return value > 0 ? "double(\"inf\")" : "double(\"-inf\")";
  std::array<char, 32> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  std::string text(buffer.data(), result.ptr);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string ConstantText(const Constant& constant) {
  struct Printer {
    std::string operator()(std::monostate) const { return "null"; }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(int64_t value) const { return std::to_string(value); }
    std::string operator()(uint64_t value) const { return std::to_string(value) + "u"; }
    std::string operator()(double value) const { return DoubleText(value); }
    std::string operator()(const std::string& value) const { return Quote(value, false); }
    std::string operator()(const TypeName& value) const { return value.name; }
    std::string operator()(const Bytes& value) const { return "b" + Quote(value.data, true); }
  };
  return std::visit(Printer{}, constant);
}

// `base.a.b`, with names that are not plain words as `["a-b"]`; has(...) around it where it is a
// test.
std::string Selection(std::string base, const FieldPath& path, bool test) {
  for (const std::string& name : path) {
    base += IsPlainName(name) ? "." + name : "[" + Quote(name, false) + "]";
  }
  return test ? "has(" + base + ")" : base;
}

class Writer {
 public:
  std::string Run(const Expr& expr) {
    Write(expr);
    return std::move(out_);
  }

 private:
  void WriteList(const Expr& expr, size_t from, std::string_view separator) {
    for (size_t i = from; i < expr.args.size(); ++i) {
      if (i > from) out_ += separator;
      Write(*expr.args[i]);
    }
  }

  void WriteCall(const Expr& expr) {
    const std::string_view name = expr.name;
    if (name == "_?._") {
      Write(*expr.args[0]);
      out_ += ".?";
      WriteFieldName(*expr.args[1]);
    } else if (name == "?_") {
      out_ += '?';
      Write(*expr.args[0]);
    } else if (name == "_[_]" || name == "_[?_]") {
      Write(*expr.args[0]);
      out_ += name == "_[_]" ? "[" : "[?";
      Write(*expr.args[1]);
      out_ += ']';
    } else if (name == "_?_:_") {
      out_ += '(';
      Write(*expr.args[0]);
      out_ += " ? ";
      Write(*expr.args[1]);
      out_ += " : ";
      Write(*expr.args[2]);
      out_ += ')';
    } else if (name == "!_" || name == "-_") {
      out_ += '(';
      out_ += name[0];
      const std::string operand = Writer().Run(*expr.args[0]);
      const bool number = operand[0] >= '0' && operand[0] <= '9';  // -(5) is no -5
      out_ += number ? "(" + operand + "))" : operand + ")";
    } else if (name == "@in" || IsBinaryOperator(name)) {
      const std::string op =
          name == "@in" ? " in " : " " + std::string(name.substr(1, name.size() - 2)) + " ";
      out_ += '(';
      WriteList(expr, 0, op);
      out_ += ')';
    } else {
      out_ += name;
      out_ += '(';
      WriteList(expr, 0, ", ");
      out_ += ')';
    }
  }

  // The name of a field as it follows a dot.
  void WriteFieldName(const Expr& name) { WriteName(std::get<std::string>(name.constant)); }
  void WriteName(const std::string& name) { out_ += IsPlainName(name) ? name : "`" + name + "`"; }

  void WriteMap(const Expr& expr) {
    out_ += '{';
    for (size_t i = 0; i + 1 < expr.args.size(); i += 2) {
      if (i > 0) out_ += ", ";
      const Expr& value = *expr.args[i + 1];
      const bool optional = value.kind == ExprKind::kCall && value.name == "?_";
      if (optional) out_ += '?';
      Write(*expr.args[i]);
      out_ += ": ";
      Write(optional ? *value.args[0] : value);
    }
    out_ += '}';
  }

  void WriteVariable(uint32_t local, const std::string& name) {
    out_ += ", ";
    out_ += local == kUnnumberedLocal ? name : "@" + std::to_string(local);
  }

  void WriteMacro(const Expr& expr) {
    out_ += expr.name;
    out_ += '(';
    Write(*expr.args[0]);
    WriteVariable(expr.local, expr.variable);
    if (!expr.variable2.empty()) WriteVariable(expr.local2, expr.variable2);
    out_ += ", ";
    WriteList(expr, 1, ", ");
    out_ += ')';
  }

  void WriteSelection(const Expr& expr, const FieldPath& path) {
    Writer base;
    if (expr.optional) out_ += "optional(";
    out_ += Selection(base.Run(*expr.args[0]), path, expr.test);
    if (expr.optional) out_ += ')';
  }

  void Write(const Expr& expr) {
    switch (expr.kind) {
      case ExprKind::kConstant:
        out_ += ConstantText(expr.constant);
        return;
      case ExprKind::kIdent:
        out_ += expr.test ? "has(" + expr.name + ")" : expr.name;
        return;
      case ExprKind::kSelect:
        return WriteSelection(expr, {expr.name});
      case ExprKind::kField:
        return WriteSelection(expr, expr.path);
      case ExprKind::kCall:
        return WriteCall(expr);
      case ExprKind::kList:
        out_ += '[';
        WriteList(expr, 0, ", ");
        out_ += ']';
        return;
      case ExprKind::kMap:
        return WriteMap(expr);
      case ExprKind::kMacro:
        return WriteMacro(expr);
      case ExprKind::kEvent:
        out_ += "event";
        return;
      case ExprKind::kStep:
        out_ += "step#" + std::to_string(expr.index);
        return;
      case ExprKind::kLocal:
        out_ += "@" + std::to_string(expr.index);
        return;
      case ExprKind::kTime:
        out_ += "event_time(";
        Write(*expr.args[0]);
        out_ += ')';
        return;
      case ExprKind::kKey:
        out_ += "key#" + std::to_string(expr.index);
        return;
      case ExprKind::kAggregate:
        out_ += "window#" + std::to_string(expr.index);
        return;
      case ExprKind::kMatchCount:
        out_ += "match_count()";
        return;
      case ExprKind::kNamedList:
        out_ += "lists.";
        WriteName(expr.name);
        return;
      case ExprKind::kTable:
        out_ += "tables." + expr.name;
        return;
    }
  }

  std::string out_;
};

}  // namespace

std::string ToString(const Expr& expr) { return Writer().Run(expr); }

bool ReadsWindow(const Expr& expr) {
  return expr.kind == ExprKind::kAggregate ||
         std::any_of(expr.args.begin(), expr.args.end(),
                     [](const ExprPtr& arg) { return ReadsWindow(*arg); });
}

ExprPtr Clone(const Expr& expr) {
  auto clone = std::make_unique<Expr>();
  clone->kind = expr.kind;
  clone->begin = expr.begin;
  clone->end = expr.end;
  clone->name_begin = expr.name_begin;
  clone->type = expr.type;
  clone->constant = expr.constant;
  clone->name = expr.name;
  clone->test = expr.test;
  clone->member = expr.member;
  clone->optional = expr.optional;
  clone->variable = expr.variable;
  clone->variable2 = expr.variable2;
  clone->local = expr.local;
  clone->local2 = expr.local2;
  clone->index = expr.index;
  clone->path = expr.path;
  for (const ExprPtr& arg : expr.args) clone->args.push_back(Clone(*arg));
  return clone;
}

}  // namespace telltale::rules
