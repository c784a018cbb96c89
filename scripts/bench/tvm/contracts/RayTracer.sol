// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// Spheres over a floor, lit from one side: vectors of 18 decimals on the stack and in memory, signed products and
/// quotients, square roots, and calls between functions. The result is a checksum of all pixels.
contract RayTracer {
    int256 private constant ONE = 1e18;
    int256 private constant FAR = 1e30;

    struct Vector {
        int256 x;
        int256 y;
        int256 z;
    }

    struct Sphere {
        Vector center;
        int256 radius;
        int256 shine;
    }

    function render(uint256 width, uint256 height) external pure returns (uint256 checksum) {
        Sphere[] memory spheres = scene();
        for (uint256 row = 0; row < height; ++row) {
            for (uint256 column = 0; column < width; ++column) {
                Vector memory direction = unit(
                    Vector(
                        int256((2 * column + 1) * 1e18 / width) - ONE,
                        ONE - int256((2 * row + 1) * 1e18 / height),
                        ONE * 3 / 2
                    )
                );
                int256 light = trace(spheres, Vector(0, ONE / 2, -ONE * 3), direction, 3);
                checksum = uint256(keccak256(abi.encodePacked(checksum, light)));
            }
        }
    }

    function scene() private pure returns (Sphere[] memory spheres) {
        spheres = new Sphere[](4);
        spheres[0] = Sphere(Vector(0, ONE, ONE), ONE, ONE / 2);
        spheres[1] = Sphere(Vector(-ONE * 2, ONE / 2, 0), ONE / 2, ONE / 5);
        spheres[2] = Sphere(Vector(ONE * 3 / 2, ONE * 3 / 4, -ONE / 2), ONE * 3 / 4, ONE / 4);
        spheres[3] = Sphere(Vector(0, -ONE * 1000, 0), ONE * 1000, ONE / 10);
    }

    function trace(Sphere[] memory spheres, Vector memory origin, Vector memory direction, uint256 bounces)
        private
        pure
        returns (int256 light)
    {
        int256 weight = ONE;
        for (uint256 bounce = 0; bounce < bounces; ++bounce) {
            (int256 distance, uint256 index) = nearest(spheres, origin, direction);
            if (distance == FAR) return light + times(weight, ONE / 2 + direction.y / 2);
            Vector memory point = sum(origin, scaled(direction, distance));
            Sphere memory sphere = spheres[index];
            Vector memory normal = scaled(difference(point, sphere.center), ONE * ONE / sphere.radius);
            int256 facing = dot(normal, Vector(ONE / 2, ONE * 7 / 10, -ONE / 2));
            if (facing > 0) light += times(times(weight, ONE - sphere.shine), facing);
            weight = times(weight, sphere.shine);
            direction = difference(direction, scaled(normal, 2 * dot(direction, normal)));
            origin = sum(point, scaled(normal, 1e12));
        }
    }

    function nearest(Sphere[] memory spheres, Vector memory origin, Vector memory direction)
        private
        pure
        returns (int256 distance, uint256 index)
    {
        distance = FAR;
        for (uint256 i = 0; i < spheres.length; ++i) {
            Vector memory away = difference(spheres[i].center, origin);
            int256 along = dot(away, direction);
            int256 inside = times(along, along) - dot(away, away) + times(spheres[i].radius, spheres[i].radius);
            if (inside < 0) continue;
            int256 hit = along - root(inside);
            if (hit > 1e12 && hit < distance) (distance, index) = (hit, i);
        }
    }

    function unit(Vector memory a) private pure returns (Vector memory) {
        return scaled(a, ONE * ONE / root(dot(a, a)));
    }

    function times(int256 a, int256 b) private pure returns (int256) {
        return a * b / ONE;
    }

    function dot(Vector memory a, Vector memory b) private pure returns (int256) {
        return (a.x * b.x + a.y * b.y + a.z * b.z) / ONE;
    }

    function sum(Vector memory a, Vector memory b) private pure returns (Vector memory) {
        return Vector(a.x + b.x, a.y + b.y, a.z + b.z);
    }

    function difference(Vector memory a, Vector memory b) private pure returns (Vector memory) {
        return Vector(a.x - b.x, a.y - b.y, a.z - b.z);
    }

    function scaled(Vector memory a, int256 by) private pure returns (Vector memory) {
        return Vector(times(a.x, by), times(a.y, by), times(a.z, by));
    }

    /// Newton's method, for numbers of 18 decimals.
    function root(int256 a) private pure returns (int256) {
        if (a == 0) return 0;
        int256 value = a * ONE;
        int256 guess = value;
        int256 next = (guess + 1) / 2;
        if (next > 1e24) next = 1e24;
        guess = next + 1;
        while (next < guess) {
            guess = next;
            next = (guess + value / guess) / 2;
        }
        return guess;
    }
}
