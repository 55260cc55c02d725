//! The forms of expressions, in the letters of [`super::grammar`].

/// What an expression of a type may be, one form a line.
pub(super) const PRODUCTIONS: &[(u8, &str)] = &[
    (
        b'b',
        "!$b
        !!$b
        $b && $b
        $b || $b
        $b && $b || $b && $b
        $b ? $b : $b
        $i < $i
        $i <= $d
        $u > $i
        $d >= $u
        $d < $d
        $u <= $u
        $s > $s
        $s <= $s
        $y >= $y
        $y < $y
        $t < $t
        $t >= $t
        $r <= $r
        $r > $r
        $b < $b
        $b >= $b
        $q < $q
        $q == $q
        $q != $q
        $i == $i
        $i == $d
        $s == $s
        $s != $s
        $l == $l
        $m == $m
        $o == $o
        $O == $O
        $t == $t
        type($q) == $T
        $q == true
        $q == $n
        $i in $l
        $d in $l
        $s in $L
        $s in $m
        $q in [$q, $q]
        $i in [1, 2, 3]
        $q in ['a', 'b']
        $q in [1u, 2u]
        $q in [1.0, 2.5]
        $q in []
        $q in {'a': 1}
        has(m.a)
        has(status.phase)
        has(self.x)
        has(dep.status.ready)
        has($m.a)
        has($q.a)
        has($m.a.b)
        has($O.a)
        has($m)
        $l.all(@i, $b)
        $l.exists(@i, $b)
        $l.exists_one(@i, $b)
        $L.all(@s, $b)
        $L.exists(@s, $b)
        $L.exists_one(@s, $b)
        $o.all(@m, $b)
        $o.exists(@m, $b)
        $m.all(@s, $b)
        $m.exists(@s, $b)
        $q.exists_one(@q, $b)
        $l.all(@i, $b && $l.exists(@i, $b))
        $s.contains($s)
        $s.startsWith($s)
        $s.endsWith($s)
        $s.matches($P)
        matches($s, $P)
        $s.matches($s)
        sets.contains($l, $l)
        sets.equivalent($l, $l)
        sets.intersects($L, $L)
        sets.contains($q, $q)
        $O.hasValue()
        bool($s)
        bool($b)
        bool($q)
        bool('true')
        $O.orValue($b)
        google.protobuf.BoolValue{value: $b}",
    ),
    (
        b'i',
        "-$i
        --$i
        $i + $i
        $i - $i
        $i * $i
        $i / $i
        $i % $i
        $i + $i * $i - $i
        int($d)
        int($u)
        int($s)
        int($t)
        int($r)
        int($q)
        int('7')
        int('-0x1')
        size($s)
        size($y)
        size($l)
        size($m)
        size($q)
        $s.size()
        $y.size()
        $L.size()
        $m.size()
        $s.indexOf($s)
        $s.indexOf($s, $i)
        $s.lastIndexOf($s)
        $s.lastIndexOf($s, $i)
        $l[$i]
        $l[$d]
        $l[$u]
        $b ? $i : $i
        $O.orValue($i)
        $l.first().value()
        $t.getFullYear()
        $t.getMonth()
        $t.getDayOfYear()
        $t.getDayOfMonth()
        $t.getDate()
        $t.getDayOfWeek()
        $t.getHours()
        $t.getMinutes()
        $t.getSeconds()
        $t.getMilliseconds()
        $t.getFullYear($Z)
        $t.getMonth($Z)
        $t.getDayOfYear($Z)
        $t.getDayOfMonth($Z)
        $t.getDate($Z)
        $t.getDayOfWeek($Z)
        $t.getHours($Z)
        $t.getMinutes($Z)
        $t.getSeconds($Z)
        $t.getMilliseconds($Z)
        $r.getHours()
        $r.getMinutes()
        $r.getSeconds()
        $r.getMilliseconds()
        google.protobuf.Int64Value{value: $i}
        google.protobuf.Int32Value{value: $i}",
    ),
    (
        b'u',
        "$u + $u
        $u - $u
        $u * $u
        $u / $u
        $u % $u
        uint($i)
        uint($d)
        uint($s)
        uint($u)
        uint($q)
        uint('7')
        google.protobuf.UInt64Value{value: $u}",
    ),
    (
        b'd',
        "-$d
        $d + $d
        $d - $d
        $d * $d
        $d / $d
        double($i)
        double($u)
        double($s)
        double($d)
        double($q)
        double('1e3')
        $b ? $d : $d
        google.protobuf.DoubleValue{value: $d}
        google.protobuf.FloatValue{value: $d}",
    ),
    (
        b's',
        "$s + $s
        string($i)
        string($u)
        string($d)
        string($b)
        string($y)
        string($t)
        string($r)
        string($s)
        string($q)
        $s.charAt($i)
        $s.lowerAscii()
        $s.upperAscii()
        $s.trim()
        $s.reverse()
        $s.replace($s, $s)
        $s.replace($s, $s, $i)
        $s.substring($i)
        $s.substring($i, $i)
        $L.join()
        $L.join($s)
        $F.format([$q])
        $F.format([$q, $q])
        $F.format([$i, $d, $s])
        $F.format([$d])
        $F.format($l)
        '%s %s'.format([$q, $q])
        '%d'.format([$i])
        '%.3f'.format([$d])
        '%e'.format([$d])
        '%x'.format([$s])
        '%b'.format([$i])
        strings.quote($s)
        base64.encode($y)
        base64.encode(bytes($s))
        $L[$i]
        $m['a']
        $b ? $s : $s
        $O.orValue($s)
        google.protobuf.StringValue{value: $s}",
    ),
    (
        b'y',
        "$y + $y
        bytes($s)
        bytes($y)
        base64.decode($s)
        base64.decode('aGk=')
        base64.decode(base64.encode($y))
        google.protobuf.BytesValue{value: b'a'}",
    ),
    (
        b't',
        "timestamp($W)
        timestamp($W)
        timestamp(ts)
        timestamp(self.t)
        timestamp($i)
        timestamp($t)
        timestamp($q)
        $t + $r
        $r + $t
        $t - $r
        google.protobuf.Timestamp{seconds: 1704067200}
        google.protobuf.Timestamp{}",
    ),
    (
        b'r',
        "duration($D)
        duration($D)
        duration(d)
        duration(dep.d)
        duration($r)
        duration($i)
        duration($q)
        $r + $r
        $r - $r
        $t - $t
        -$r
        google.protobuf.Duration{seconds: $i, nanos: $i}",
    ),
    (b'n', "null"),
    (
        b'l',
        "[$i]
        [$i, $i]
        [$i, $i, $q]
        [$q, $q]
        [$i, $i,]
        [?$O, $i]
        [?$O]
        [?$i]
        $l + $l
        $l.map(@i, $i)
        $l.map(@i, $b, $i)
        $l.filter(@i, $b)
        $L.map(@s, $i)
        $q.map(@q, $q)
        $q.filter(@q, $b)
        $m.map(@s, $i)
        optional.unwrap([$O, $O])
        [$O, $O].unwrapOpt()
        $b ? $l : $l
        $O.orValue($l)",
    ),
    (
        b'L',
        "[$s]
        [$s, $s]
        $L + $L
        $s.split($s)
        $s.split($s, $i)
        $L.map(@s, $s)
        $L.filter(@s, $b)
        $l.map(@i, $s)
        $m.map(@s, $s)
        $o.map(@m, $s)",
    ),
    (
        b'o',
        "[$m]
        [$m, $m]
        $o.filter(@m, $b)
        $o + $o
        $o.map(@m, $m)",
    ),
    (
        b'm',
        "{}
        {$s: $q}
        {'a': $q}
        {'a': $i, 'b': $s}
        {$i: $q, $u: $q}
        {true: $q}
        {$q: $q}
        {?'a': $O}
        {?'a': $O, 'b': $q}
        {?'a': $q}
        $o[$i]
        $b ? $m : $m
        $O.orValue($m)",
    ),
    (
        b'O',
        "optional.of($q)
        optional.of($i)
        optional.none()
        optional.ofNonZeroValue($q)
        $m.?a
        $q.?a
        $m.?a.?b
        $m.?a.b
        $m[?$s]
        $q[?$q]
        $l[?$i]
        $O.or($O)
        $O.optMap(@q, $q)
        $O.optMap(@i, $i)
        $O.optFlatMap(@q, $O)
        $O.optFlatMap(@m, x.?a)
        $O.?a
        $O[?0]
        $O[0]
        $l.first()
        $l.last()
        $L.last()
        $b ? $O : $O",
    ),
    (
        b'T',
        "type($q)
        type($i)",
    ),
    (
        b'q',
        "dyn($q)
        $m.a
        $m['a']
        $m[$q]
        $q[$q]
        $q.a
        $l.a
        $q.a.b
        $q.size
        $O.value()
        $O.orValue($q)
        $b ? $q : $q
        ($q)
        dyn($q) == $q
        google.protobuf.NullValue.NULL_VALUE
        google.protobuf.Nope{}
        google.protobuf.Duration{nope: 1}
        $q()
        nope($q)
        $q.nope()
        $q.getHours($q)
        $q.split()
        size()
        size($q, $q)
        cel.bind(x, $q, $q)
        $q and $q
        $q + $q
        $q - $q
        $q * $q
        $q / $q
        $q % $q
        -$q
        !$q",
    ),
];
